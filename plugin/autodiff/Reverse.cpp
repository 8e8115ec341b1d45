// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reverse mode: one function that runs the primal (record sweep) and then walks
// back through it (reverse sweep). The steps, in order:
//
//   clone the canonical form · facts (flow, activity, overwrites) · shadow
//   pointers · reverse blocks, naively · adjoint slots to registers ·
//   Recording makes the naive references true · for Record and Reverse, cut
//   the function in two at the point between the sweeps
//
//   @f.grad:   entry ... exit ─ begin ─ exit.rev ... entry.rev ─ end
//              └ record sweep ┘         └ reverse sweep       ┘
//
// Both halves of a split pair are built by the same steps from the same
// canonical form, so that they agree on the layout of the tape.
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Overwrites.h"
#include "../analysis/WinnerSearch.h"
#include "../analysis/Winners.h"
#include "BitsInMemory.h"
#include "IndirectCalls.h"
#include "InnerStacks.h"
#include "LostStores.h"
#include "Modes.h"
#include "Recording.h"
#include "Replay.h"
#include "ReverseSweep.h"
#include "StringBytes.h"
#include "TapeCalls.h"
#include "TapeUnwind.h"
#include "UnreadStores.h"
#include "llvm/Analysis/InstructionSimplify.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace tern {

namespace {

/// The parameters of the generated function, sorted by what they are.
struct Parameters {
  SmallVector<Argument *, 8> Primal;
  SmallVector<SmallVector<Value *, 1>, 8> Shadows; ///< per primal parameter
  SmallVector<Argument *, 1> Seeds;
  Argument *Tape = nullptr;
};

Parameters parametersOf(const DerivativeKey &Key, Function &Into) {
  Parameters P;
  auto *Arg = Into.arg_begin();
  for (auto [Original, Act] : zip(Key.Primal->args(), Key.Args)) {
    Arg->setName(Original.getName());
    P.Primal.push_back(Arg++);
    P.Shadows.emplace_back();
    if (Act == Activity::Duplicated)
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
        Arg->setName(Original.getName() + ".shadow");
        P.Shadows.back().push_back(Arg++);
      }
  }
  bool HasSeeds = Key.Result == Activity::Active &&
                  (Key.TheMode == Mode::Grad || Key.TheMode == Mode::Reverse);
  for (unsigned Lane = 0; HasSeeds && Lane != Key.Width; ++Lane) {
    Arg->setName("seed");
    P.Seeds.push_back(Arg++);
  }
  if (Arg != Into.arg_end()) {
    Arg->setName("tape");
    P.Tape = Arg;
  }
  return P;
}

class ReverseBuilder {
public:
  ReverseBuilder(const DerivativeKey &Key, Function &Canonical, Function &Into,
                 WorkList &Work)
      : Key(Key), Canonical(Canonical), G(Into), Work(Work) {}
  bool build();

private:
  void cloneBody();
  void addTape();
  bool isForCalleesOnly(AllocaInst &Local);
  void moveLocalsToTape();
  void separateSweeps(FlowFacts &Flow);
  void seed(ReverseSweep &Sweep);
  void finishEnd(ReverseSweep &Sweep);
  void cleanReverseBlocks(ReverseSweep &Sweep);
  void cutAfterRecord();
  void cutBeforeReverse();
  void leaveTapeAsItWas();
  void dropUnusedTape(bool UsesTape);
  bool keepsDerivatives(const ActivityFacts &Facts);
  bool usesNoRegions(const ActivityFacts &Facts);
  bool keepsFloatsOutOfStrings(const ActivityFacts &Facts);
  bool keepsBitsOutOfIntegers(const ActivityFacts &Facts);
  ActivityFacts::ArgumentActivity argumentActivity() const;
  Surroundings surroundings() const;
  Value *resultStruct(ReverseSweep &Sweep, IRBuilder<> &B, bool WithAdjoints);

  const DerivativeKey &Key;
  Function &Canonical, &G;
  WorkList &Work;
  Parameters Params;
  Value *Tape = nullptr;
  Value *Returned = nullptr; ///< the primal result, or null
  WeakTrackingVH RecordResult;
  SmallPtrSet<const Instruction *, 8> Doubtful; ///< see ReverseSweep
  BasicBlock *Begin = nullptr, *End = nullptr;
};

void copyParameterAttributes(const Argument &From, Argument &To,
                             bool IsShadow) {
  for (Attribute::AttrKind Kind :
       {Attribute::NoAlias, Attribute::NonNull, Attribute::Alignment,
        Attribute::Dereferenceable})
    if (From.hasAttribute(Kind))
      To.addAttr(From.getAttribute(Kind));
  if (!IsShadow && From.hasAttribute(Attribute::NoUndef))
    To.addAttr(Attribute::NoUndef);
}

void ReverseBuilder::cloneBody() {
  Params = parametersOf(Key, G);
  ValueToValueMapTy VMap;
  for (auto [From, To, Shadows] :
       zip(Canonical.args(), Params.Primal, Params.Shadows)) {
    VMap[&From] = To;
    copyParameterAttributes(From, *To, false);
    for (Value *Shadow : Shadows)
      copyParameterAttributes(From, *cast<Argument>(Shadow), true);
    // The shadow may be the primal itself.
    for (Value *Shadow : Shadows)
      if (Key.HasMixedPointers)
        for (Value *V : {static_cast<Value *>(To), Shadow})
          cast<Argument>(V)->removeAttr(Attribute::NoAlias);
  }
  AttributeList Declared = G.getAttributes();
  SmallVector<ReturnInst *, 2> Returns;
  CloneFunctionInto(&G, &Canonical, VMap,
                    CloneFunctionChangeType::LocalChangesOnly, Returns);
  // Callers use the C convention; the optimiser makes local primals fastcc.
  G.setCallingConv(CallingConv::C);
  // CloneFunctionInto copies what holds for the primal's result and parameters
  // only: `returned`, `initializes`, `readonly` and so on.
  SmallVector<AttributeSet, 8> Parameters;
  for (unsigned I = 0; I != G.arg_size(); ++I)
    Parameters.push_back(Declared.getParamAttrs(I));
  G.setAttributes(AttributeList::get(
      G.getContext(), G.getAttributes().getFnAttrs(), {}, Parameters));
}

ActivityFacts::ArgumentActivity ReverseBuilder::argumentActivity() const {
  ActivityFacts::ArgumentActivity Known;
  for (auto [Arg, Act] : zip(Params.Primal, Key.Args))
    Known[Arg] = Act;
  return Known;
}

Surroundings ReverseBuilder::surroundings() const {
  Surroundings Around;
  Around.IsSplit = Key.TheMode != Mode::Grad;
  Around.Effects = &Work.calleeEffects();
  for (auto [Stays, Arg] : zip_first(Key.Unchanged, Params.Primal))
    if (Stays)
      Around.Unchanged.insert(Arg);
  return Around;
}

/// A zeroed tern_tape (runtime/tape.h).
void ReverseBuilder::addTape() {
  if (Params.Tape) {
    Tape = Params.Tape;
    return;
  }
  IRBuilder<> B(&G.getEntryBlock(), G.getEntryBlock().begin());
  Tape = newTape(B);
}

/// Integers that this function writes and only its callees read: no reverse
/// sweep looks at them. (Those callees record what they read, see
/// Overwrites::isOwnMemory.)
bool ReverseBuilder::isForCalleesOnly(AllocaInst &Local) {
  SmallVector<Instruction *, 8> Views = {&Local};
  for (unsigned I = 0; I != Views.size(); ++I)
    for (Use &U : Views[I]->uses()) {
      auto *User = cast<Instruction>(U.getUser());
      if (isa<LoadInst, PHINode, SelectInst>(User) ||
          !Work.calleeEffects().isIntegerUse(U))
        return false;
      if (User->getType()->isPointerTy())
        Views.push_back(User);
    }
  return Local.isStaticAlloca();
}

/// Locals of a record function must outlive it.
void ReverseBuilder::moveLocalsToTape() {
  if (Key.TheMode == Mode::Grad)
    return;
  for (Instruction &I : make_early_inc_range(instructions(G))) {
    auto *Local = dyn_cast<AllocaInst>(&I);
    if (!Local || isForCalleesOnly(*Local))
      continue;
    IRBuilder<> B(Local);
    Value *Bytes = B.getInt64(
        G.getDataLayout().getTypeAllocSize(Local->getAllocatedType()));
    Bytes = B.CreateMul(
        Bytes, B.CreateZExtOrTrunc(Local->getArraySize(), B.getInt64Ty()));
    if (Local->getAlign() > BlockAlign)
      Bytes = B.CreateBinaryIntrinsic(Intrinsic::umax, Bytes,
                                      B.getInt64(LargeBlock));
    CallInst *Block = newBlock(B, Tape, Bytes);
    Block->takeName(Local);
    Local->replaceAllUsesWith(Block);
    Local->eraseFromParent();
  }
}

void ReverseBuilder::separateSweeps(FlowFacts &Flow) {
  auto *Return = cast<ReturnInst>(Flow.Exit->getTerminator());
  Returned = Return->getReturnValue();
  Begin = BasicBlock::Create(G.getContext(), "begin", &G);
  End = BasicBlock::Create(G.getContext(), "end", &G);
  BranchInst::Create(Begin, Return->getIterator());
  Return->eraseFromParent();
}

void ReverseBuilder::seed(ReverseSweep &Sweep) {
  if (!Returned || Key.Result != Activity::Active)
    return;
  IRBuilder<> B(Begin);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    // A record function has no seed, but must find the same needs as its twin.
    Value *Seed = Params.Seeds.empty()
                      ? B.CreateFreeze(PoisonValue::get(Returned->getType()))
                      : static_cast<Value *>(Params.Seeds[Lane]);
    Sweep.Adjoint.add(Returned, Lane, Seed, B);
  }
}

Value *ReverseBuilder::resultStruct(ReverseSweep &Sweep, IRBuilder<> &B,
                                    bool WithAdjoints) {
  SmallVector<Value *, 8> Fields;
  if (Key.TheMode != Mode::Reverse) {
    if (Key.NeedsPrimal && Returned)
      Fields.push_back(Returned);
    if (Key.Result == Activity::Duplicated)
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
        Fields.push_back(Sweep.Shadow.get(Returned, Lane));
  }
  for (auto [Arg, Act] : zip(Params.Primal, Key.Args))
    for (unsigned Lane = 0;
         WithAdjoints && Act == Activity::Active && Lane != Key.Width; ++Lane) {
      // Adding +0.0 turns the slots' -0.0 into an ordinary zero.
      Value *A = Sweep.Adjoint.read(Arg, Lane, B);
      Fields.push_back(
          Adjoints::sum(A, Constant::getNullValue(A->getType()), B));
    }
  if (G.getReturnType()->isVoidTy())
    return nullptr;
  Value *Result = PoisonValue::get(G.getReturnType());
  for (auto [I, Field] : enumerate(Fields))
    Result = B.CreateInsertValue(Result, Field, I);
  return Result;
}

void ReverseBuilder::finishEnd(ReverseSweep &Sweep) {
  IRBuilder<> B(End);
  if (Key.TheMode == Mode::Record) {
    // Cut off below; until then the adjoints count as used, so that this half
    // finds the same needs as its twin.
    for (auto [Arg, Act] : zip(Params.Primal, Key.Args))
      for (unsigned Lane = 0; Act == Activity::Active && Lane != Key.Width;
           ++Lane)
        B.CreateStore(Sweep.Adjoint.read(Arg, Lane, B),
                      PoisonValue::get(B.getPtrTy()));
    B.CreateUnreachable();
    B.SetInsertPoint(Begin->getTerminator());
    RecordResult = resultStruct(Sweep, B, false);
    return;
  }
  Value *Result = resultStruct(Sweep, B, true);
  if (Result)
    B.CreateRet(Result);
  else
    B.CreateRetVoid();
}

/// Folds the zeros that adjoints start from and drops what nothing uses, so
/// that only true needs are recorded.
void ReverseBuilder::cleanReverseBlocks(ReverseSweep &Sweep) {
  SimplifyQuery Query(G.getDataLayout());
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (auto &[Reverse, Record] : Sweep.RecordBlockOf)
      for (Instruction &I : make_early_inc_range(*Reverse)) {
        if (Value *Simple = simplifyInstruction(&I, Query)) {
          if (Simple != &I && !I.use_empty()) {
            I.replaceAllUsesWith(Simple);
            Changed = true;
          }
        }
        if (isInstructionTriviallyDead(&I)) {
          I.eraseFromParent();
          Changed = true;
        }
      }
  }
}

/// Record: returns where the reverse sweep would begin.
void ReverseBuilder::cutAfterRecord() {
  Begin->getTerminator()->eraseFromParent();
  IRBuilder<> B(Begin);
  if (RecordResult)
    B.CreateRet(RecordResult);
  else
    B.CreateRetVoid();
  removeUnreachableBlocks(G);
}

/// Reverse: starts there. Slots are all that both sweeps share.
void ReverseBuilder::cutBeforeReverse() {
  BasicBlock *Entry = &G.getEntryBlock();
  BasicBlock *Start = BasicBlock::Create(G.getContext(), "start", &G, Entry);
  for (Instruction &I : make_early_inc_range(*Entry))
    if (isa<AllocaInst>(I))
      I.moveBefore(*Start, Start->end());
  BranchInst::Create(Begin, Start);
  removeUnreachableBlocks(G);
}

/// The caller's tape, at the end, is as it was at the beginning.
void ReverseBuilder::leaveTapeAsItWas() {
  IRBuilder<> B(&G.getEntryBlock(), G.getEntryBlock().begin());
  Value *Place = B.CreateAlloca(tapePlaceType(B), nullptr, "place");
  markTape(B, Tape, Place);
  B.SetInsertPoint(End->getTerminator());
  rewindTape(B, Tape, Place);
}

void ReverseBuilder::dropUnusedTape(bool UsesTape) {
  if (Key.SharesTape && UsesTape)
    return leaveTapeAsItWas();
  auto *Slot = dyn_cast<AllocaInst>(Tape);
  if (!Slot)
    return;
  if (UsesTape) {
    IRBuilder<> B(End->getTerminator());
    freeTape(B, Slot);
    return;
  }
  for (User *U : make_early_inc_range(Slot->users()))
    cast<Instruction>(U)->eraseFromParent();
  Slot->eraseFromParent();
}

/// False, after reporting it, where floats travel through strings.
bool ReverseBuilder::keepsFloatsOutOfStrings(const ActivityFacts &Facts) {
  const Instruction *Call = findFloatInString(G, Facts);
  if (Call)
    report(Diag::AmbiguousType, *Call, {"the", readableName(G.getName())});
  return !Call;
}

/// False, after reporting it, where bits with a derivative lie in memory as
/// integers.
bool ReverseBuilder::keepsBitsOutOfIntegers(const ActivityFacts &Facts) {
  auto IsActive = [&](const Value *V) { return Facts.isActive(V); };
  auto HasShadow = [&](const Value *V) { return Facts.hasShadow(V); };
  const Instruction *Sink = findBitsFromMemory(G, {IsActive, HasShadow});
  if (Sink)
    report(Diag::ActiveBits, *Sink, {readableName(G.getName())});
  return !Sink;
}

/// False, after reporting it, where an inner derivative has shadows in regions
/// (runtime/regions.h): they would be gone before this reverse sweep.
bool ReverseBuilder::usesNoRegions(const ActivityFacts &Facts) {
  for (Instruction &I : instructions(G)) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || classify(*Call) != CallKind::Regions ||
        none_of(Call->args(), [&](Value *A) { return Facts.hasShadow(A); }))
      continue;
    report(Diag::UnsupportedFlow, *Key.Primal,
           {"the derivative of a function with variables that hold pointers, "
            "inside a function that is differentiated in reverse mode,",
            readableName(Key.Primal->getName()),
            "differentiate it in forward mode, or pass the memory as an "
            "argument"});
    return false;
  }
  return true;
}

/// False, after reporting it, where a derivative would get lost in memory
/// without a shadow.
bool ReverseBuilder::keepsDerivatives(const ActivityFacts &Facts) {
  auto HasShadow = [&](const Value *V) { return Facts.hasShadow(V); };
  for (const auto &[At, Address] : Facts.lostStores())
    if (isReadAgain(*At, objectsOf(Address), HasShadow)) {
      report(Diag::ActiveConstMemory, *At, {readableName(G.getName())});
      return false;
    }
  // The caller may read what comes out of a call.
  bool IsWatched = Key.HasMixedPointers;
  auto IsShadowed = [&](const Value *V) {
    return Facts.pointer(V) == PointerActivity::Active;
  };
  for (const auto &[At, Address] : Facts.doubtfulStores())
    if (IsWatched || isReadAgain(*At, objectsOf(Address), IsShadowed))
      Doubtful.insert(At);
  return true;
}

bool ReverseBuilder::build() {
  cloneBody();
  chainInnerFrames(G);
  expandIndirectCalls(G, Work.callTargets());
  auto Arguments = argumentActivity();
  auto FactsNow = [&] {
    return ActivityFacts(G, Arguments, Key.Result == Activity::Active,
                         {.Effects = Work.calleeEffects(),
                          .Targets = Work.callTargets(),
                          .IsCalled = Key.TheMode != Mode::Grad,
                          .MixedParameters = Key.HasMixedPointers,
                          .MayLackShadows = Key.MayLackShadows});
  };
  if (callsStrings(G) && !keepsFloatsOutOfStrings(FactsNow()))
    return false;
  if (mayReturnBits(G) && !keepsBitsOutOfIntegers(FactsNow()))
    return false;
  ReplayStates States;
  if (Key.TheMode == Mode::Grad)
    States = outlineIterations(G, FactsNow);
  FlowFacts Flow(G);
  if (!Flow.Exit) {
    report(Diag::UnsupportedFlow, *Key.Primal,
           {"a function that never returns", readableName(G.getName()),
            "differentiate a function that has a result"});
    return false;
  }
  addTape();
  moveLocalsToTape();
  ActivityFacts Facts = FactsNow();
  if (!usesNoRegions(Facts) || !keepsDerivatives(Facts))
    return false;
  findWinners(Flow, Facts);
  Overwrites Writes(
      G, Flow.DT, Flow.LI, [&](BasicBlock *BB) { return Flow.isLive(BB); },
      surroundings());
  ReverseSweep Sweep(Key, G, Flow, Facts, Writes, Work);
  for (auto [Arg, Shadows] : zip(Params.Primal, Params.Shadows))
    if (!Shadows.empty())
      Sweep.Shadow.setParameter(Arg, Shadows);
  Sweep.DoubtfulStores = Doubtful;
  Sweep.States = std::move(States);
  if (!Sweep.addShadows(Tape))
    return false;
  // From here on the record sweep is complete but for stores to the tape.
  separateSweeps(Flow);
  seed(Sweep);
  if (!Sweep.emit(Begin, End))
    return false;
  finishEnd(Sweep);
  Sweep.replaceRecordedCalls();
  DominatorTree DT(G);
  Sweep.Adjoint.promote(DT);
  cleanReverseBlocks(Sweep);
  // From here on the reverse sweep is complete but refers to values that are
  // not there.
  Recording Record(G, Flow, Sweep, Writes, Key.TheMode, Tape);
  Record.run(Begin);
  buildSearches(Flow);
  dropUnusedTape(Record.usesTape() || Sweep.UsesTape);
  // An iteration writes to scratch only, and to state that is put back.
  for (Argument *Arg : Params.Primal)
    if (Key.SharesTape && Arg->getType()->isPointerTy())
      markScratch(*Arg);
  Sweep.finishInvokes();
  if (Key.TheMode == Mode::Grad && !Key.SharesTape &&
      (Record.usesTape() || Sweep.UsesTape))
    freeTapeOnUnwind(G, *Tape);
  if (Key.TheMode == Mode::Record)
    cutAfterRecord();
  else if (Key.TheMode == Mode::Reverse)
    cutBeforeReverse();
  return true;
}

} // namespace

bool buildReverse(const DerivativeKey &Key, Function &Canonical, Function &Into,
                  WorkList &Work) {
  return ReverseBuilder(Key, Canonical, Into, Work).build();
}

} // namespace tern
