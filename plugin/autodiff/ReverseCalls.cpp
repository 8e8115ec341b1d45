// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that were not inlined: recursion, and what exceeds the size budget.
//
//   %r = call @g(%x, %p)
//     record:   {%r} = call @g.record(%x, %p, %p.shadow, %tape)
//     reverse:  {%x.adj} += call @g.reverse(%x, %p, %p.shadow, %r.adj, %tape)
//
// The tape is a stack: g.reverse finds on top what g.record left there.
// Releases of memory are delayed: they join a list that the end of the request
// runs, because the reverse sweep may read the memory again.
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../rules/Rules.h"
#include "CustomRules.h"
#include "ForwardOperands.h"
#include "IndirectCalls.h"
#include "Replay.h"
#include "ReverseSweep.h"
#include "RuleShadows.h"
#include "ShadowGlobals.h"
#include "TapeCalls.h"
#include "runtime/tape.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace tern {

/// A function with a gradient rule is called like one that was not inlined:
/// its derivative calls the rule. One with a jvp rule only is looked into.
static CallKind kindOf(const CallBase &Call) {
  CallKind Kind = classify(Call);
  if (Kind != CallKind::Custom)
    return Kind;
  const Function &Callee = *calledFunction(Call);
  return hasRuleFor(Callee, Mode::Record) || !Callee.isDeclaration()
             ? CallKind::Body
             : CallKind::Missing;
}

void ReverseSweep::recordCall(CallBase &Call) {
  // On the way to a throw or abort: runs as it is, never reversed.
  if (!Flow.isLive(Call.getParent())) {
    if (kindOf(Call) == CallKind::Deallocation)
      releaseShadow(Call);
    return;
  }
  switch (kindOf(Call)) {
  case CallKind::Body:
    if (Facts.isActiveCall(Call))
      recordBody(Call);
    return;
  case CallKind::Deallocation:
    return recordDeallocation(Call);
  case CallKind::Tape:
    return recordTapeCall(Call);
  case CallKind::Missing:
  case CallKind::Indirect:
    break;
  default:
    return;
  }
  if (!Facts.isActiveCall(Call))
    return;
  if (Call.hasMetadata("tern.trap"))
    return stopAtUnknownTarget(Call);
  Failed = true;
  if (Call.isInlineAsm())
    return report(Diag::UnknownInstruction, Call,
                  {"asm", readableName(G.getName())});
  if (kindOf(Call) == CallKind::Indirect)
    return report(Diag::IndirectCall, Call, {readableName(G.getName())});
  report(Diag::MissingBody, Call,
         {readableName(calledFunction(Call)->getName()),
          readableName(G.getName()), "TERN_GRADIENT"});
}

/// What releases memory by arguments that were packed into a block (below).
static bool isThunk(const Value *Release) {
  return Release->getName().starts_with("tern.release.");
}

/// Reverse over a derivative that keeps a tape of its own. Blocks are memory
/// like any other, but live until this function's reverse sweep has read them;
/// frames have become blocks (InnerStacks.h).
void ReverseSweep::recordTapeCall(CallBase &Call) {
  StringRef Name = calledFunction(Call)->getName();
  if (Name == "tern_tape_free")
    return recordTapeFree(Call);
  if (Name == "tern_tape_rewind") {
    RecordedCalls[&Call] = nullptr; // the outer reverse sweep reads the blocks
    return;
  }
  bool HasNoPart = Name == "tern_tape_alloc" || Name == "tern_tape_turn" ||
                   Name == "tern_tape_bytes" || Name == "tern_tape_mark" ||
                   !Facts.isActiveCall(Call);
  if (HasNoPart || isAdjointCopy(Call))
    return;
  if (Name == "tern_tape_defer")
    return recordTapeDefer(Call);
  Failed = true;
  report(Diag::UnsupportedFlow, Call,
         {"reverse mode over such a reverse sweep", readableName(G.getName()),
          "use forward over reverse (tern::hvp, tern::hessian)"});
}

/// A block of packed arguments like `Block`, but about the shadow.
static Value *packForShadow(CallBase &Block, Value *ShadowBlock, Value *Tape,
                            IRBuilderBase &At) {
  Value *Twin = newBlock(At, Tape, Block.getArgOperand(1));
  At.CreateMemCpy(Twin, Align(8), &Block, Align(8), Block.getArgOperand(1));
  Value *Memory = At.CreateLoad(At.getPtrTy(), &Block);
  Value *Other = At.CreateLoad(At.getPtrTy(), ShadowBlock);
  At.CreateStore(At.CreateSelect(At.CreateICmpEQ(Memory, Other),
                                 Constant::getNullValue(Other->getType()),
                                 Other),
                 Twin);
  return Twin;
}

/// The shadow of memory that the inner request releases at its end.
void ReverseSweep::recordTapeDefer(CallBase &Call) {
  Value *Memory = Call.getArgOperand(1);
  if (!Facts.hasShadow(Memory))
    return;
  auto *Block =
      isThunk(Call.getArgOperand(2)) ? dyn_cast<CallBase>(Memory) : nullptr;
  IRBuilder<> At(&Call);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *Twin = Shadow.get(Memory, Lane);
    if (Block)
      Twin = packForShadow(*Block, Twin, Tape, At);
    else if (Facts.pointer(Memory) == PointerActivity::Mixed)
      Twin = At.CreateSelect(At.CreateICmpEQ(Twin, Memory),
                             Constant::getNullValue(Twin->getType()), Twin);
    deferRelease(At, Tape, Twin, Call.getArgOperand(2));
  }
  UsesTape = true;
}

/// The adjoint of a copy's adjoint is the copy.
void ReverseSweep::reverseAdjointCopy(CallBase &Call) {
  Value *To = Call.getArgOperand(0), *From = Call.getArgOperand(1);
  if (!Facts.hasShadow(To))
    return;
  Value *Bytes = Call.getArgOperand(2), *None = B.getInt64(0);
  auto If = [&](Value *Condition, Value *Then, Value *Else) {
    return Condition ? B.CreateSelect(Condition, Then, Else) : Then;
  };
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *ToShadow = Shadow.get(To, Lane);
    Value *Moved = If(isTrulyShadowed(To, Lane), Bytes, None), *Cleared = Moved;
    if (Facts.hasShadow(From)) {
      Value *IsReal = isTrulyShadowed(From, Lane);
      B.CreateMemMove(ToShadow, MaybeAlign(1), Shadow.get(From, Lane),
                      MaybeAlign(1), If(IsReal, Moved, None));
      Cleared = IsReal ? B.CreateSelect(IsReal, None, Moved) : None;
    }
    if (Cleared != None)
      B.CreateMemSet(ToShadow, B.getInt8(0), Cleared, MaybeAlign(1));
  }
}

/// The inner tape's content moves to a copy that this function's tape releases.
void ReverseSweep::recordTapeFree(CallBase &Call) {
  IRBuilder<> At(&Call);
  Value *Inner = Call.getArgOperand(0);
  Value *Copy = newBlock(At, Tape, At.getInt64(sizeof(tern_tape)));
  At.CreateMemCpy(Copy, Align(8), Inner, Align(8), sizeof(tern_tape));
  At.CreateMemSet(Inner, At.getInt8(0), sizeof(tern_tape), Align(8));
  deferRelease(At, Tape, Copy, Call.getCalledOperand());
  UsesTape = true;
  RecordedCalls[&Call] = nullptr;
}

bool ReverseSweep::hasMixedArgument(const CallBase &Call) const {
  return any_of(Call.args(), [&](const Use &U) {
    return holdsPointer(U->getType()) &&
           Facts.pointer(U) == PointerActivity::Mixed;
  });
}

/// A shadow that a rule wants and the memory does not have, but need not.
static bool hasStandIn(const Value *Pointer) {
  return pointsNowhere(*Pointer) || tableBehind(Pointer);
}

/// Memory of a size that is not known here, where the rule wants a shadow.
bool ReverseSweep::lacksShadowForRule(const CallBase &Call) const {
  return recordTakesAllShadows(*calledFunction(Call)) &&
         any_of(Call.args(), [&](const Use &Arg) {
           return holdsPointer(Arg->getType()) && !Facts.hasShadow(Arg) &&
                  !hasStandIn(Arg);
         });
}

/// A block as large as the table, the same in both sweeps.
static Value *newTwin(const GlobalVariable &Table, Function &G, Value *Tape) {
  BasicBlock::iterator At = G.getEntryBlock().begin();
  if (auto *Slot = dyn_cast<AllocaInst>(Tape)) {
    At = std::next(Slot->getIterator());
    while (isa<MemSetInst>(At))
      ++At;
  }
  IRBuilder<> B(&G.getEntryBlock(), At);
  Value *Bytes =
      B.getInt64(G.getDataLayout().getTypeAllocSize(Table.getValueType()));
  CallInst *Twin = newBlock(B, Tape, Bytes, Table.getName() + ".shadow");
  B.CreateMemSet(Twin, B.getInt8(0), Bytes, BlockAlign);
  return Twin;
}

Value *ReverseSweep::shadowForRule(CallBase &Call, const Use &Arg,
                                   unsigned Lane, IRBuilderBase &At) {
  GlobalVariable *Table = Facts.hasShadow(Arg) ? nullptr : tableBehind(Arg);
  if (!Table || !hasRuleFor(*calledFunction(Call), Mode::Record))
    return Shadow.get(Arg, Lane);
  Value *&Twin = TableTwins[Table];
  if (!Twin)
    Twin = newTwin(*Table, G, Tape);
  return placeInTwin(Arg, Twin, At);
}

DerivativeKey ReverseSweep::keyOf(CallBase &Call, Mode M) {
  DerivativeKey K;
  bool WantsAll = recordTakesAllShadows(*calledFunction(Call));
  K.Primal = calledFunction(Call);
  K.TheMode = M;
  K.Width = Key.Width;
  for (const Use &Arg : Call.args()) {
    bool Points = holdsPointer(Arg->getType());
    if (Points && (Facts.hasShadow(Arg) || (WantsAll && hasStandIn(Arg))))
      K.Args.push_back(Activity::Duplicated);
    else if (!Points && Facts.isActive(Arg))
      K.Args.push_back(Activity::Active);
    else
      K.Args.push_back(Activity::Const);
  }
  if (holdsPointer(Call.getType()))
    K.Result = Facts.hasShadow(&Call) ? Activity::Duplicated : Activity::Const;
  else if (Facts.isActive(&Call))
    K.Result = Activity::Active;
  if (M != Mode::Grad)
    for (const Use &Arg : Call.args())
      K.Unchanged.push_back(
          Writes.staysUntilReverse(Call, Call.getArgOperandNo(&Arg)));
  K.NeedsPrimal = M == Mode::Record && !Call.getType()->isVoidTy();
  K.HasMixedPointers = Facts.hasMixedMemory() || hasMixedArgument(Call);
  K.MayLackShadows = Facts.mayLackShadows();
  return K;
}

SmallVector<Value *, 8> ReverseSweep::sweepArguments(CallBase &Call,
                                                     const DerivativeKey &K,
                                                     IRBuilderBase &At) {
  SmallVector<Value *, 8> Args;
  for (auto [Arg, Act] : zip(Call.args(), K.Args)) {
    Args.push_back(Arg);
    if (Act == Activity::Duplicated)
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
        Args.push_back(shadowForRule(Call, Arg, Lane, At));
  }
  return Args;
}

static bool mixesFloatsAndPointers(const CallBase &Call) {
  auto Mixes = [](Type *T) { return holdsPointer(T) && holdsFloat(T); };
  return Mixes(Call.getType()) ||
         any_of(Call.args(), [&](const Use &U) { return Mixes(U->getType()); });
}

/// What the derivative of a call returns: the adjoints of its active arguments.
void ReverseSweep::addAdjointsOf(CallBase &Call, const DerivativeKey &K,
                                 Value *Returned) {
  unsigned Field = 0;
  for (auto [Arg, Act] : zip(Call.args(), K.Args))
    if (Act == Activity::Active)
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
        Adjoint.add(Arg, Lane, B.CreateExtractValue(Returned, Field++), B);
}

void ReverseSweep::recordBody(CallBase &Call) {
  if (isReplayed(Call))
    return keepState(Call);
  auto *Invoke = dyn_cast<InvokeInst>(&Call);
  bool Caught = Invoke && Flow.isLive(Invoke->getUnwindDest());
  if (Caught || mixesFloatsAndPointers(Call)) {
    Failed = true;
    const char *What = Caught
                           ? "an exception caught outside the recursive or "
                             "indirect call that throws it"
                           : "a call that passes pointers and numbers in one "
                             "struct by value";
    return report(Diag::UnsupportedFlow, Call,
                  {What, readableName(G.getName()),
                   "let the function be inlined, or give it a rule with "
                   "TERN_GRADIENT"});
  }
  if (lacksShadowForRule(Call)) {
    Failed = true;
    return report(Diag::UnsupportedFlow, Call,
                  {"memory without a shadow, of a size not known here, passed "
                   "to the rule for '" +
                       readableName(calledFunction(Call)->getName()) + "'",
                   readableName(G.getName()),
                   "pass that memory with a zeroed shadow (Duplicated, "
                   "enzyme_dup)"});
  }
  UsesTape = true;
  if (calledFunction(Call)->isVarArg()) {
    Failed = true;
    return report(Diag::UnsupportedFlow, Call,
                  {"a call of the variadic function '" +
                       readableName(calledFunction(Call)->getName()) + "'",
                   readableName(G.getName()),
                   "pass the arguments in an array"});
  }
  DerivativeKey K = keyOf(Call, Mode::Record);
  Function *Record = Work.request(K);
  IRBuilder<> At(&Call);
  SmallVector<Value *, 8> Args = sweepArguments(Call, K, At);
  Args.push_back(Tape);
  CallInst *New = At.CreateCall(Record, Args);
  OwnCalls.insert(New);
  if (Invoke)
    RecordedInvokes[Invoke] = New;
  unsigned Field = 0;
  RecordedCalls[&Call] =
      K.NeedsPrimal ? At.CreateExtractValue(New, Field++) : nullptr;
  if (K.Result == Activity::Duplicated)
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
      Shadow.set(&Call, Lane, At.CreateExtractValue(New, Field++));
}

/// `release(memory)` for deallocators of one argument; the others get their
/// arguments through a block on the tape and a thunk that unpacks them.
static Function *releaseThunk(CallBase &Call, StructType *Arguments) {
  Module &M = *Call.getModule();
  std::string Name = ("tern.release." + calledFunction(Call)->getName()).str();
  if (Function *Known = M.getFunction(Name))
    return Known;
  LLVMContext &Ctx = M.getContext();
  auto *PtrTy = PointerType::getUnqual(Ctx);
  auto *Thunk =
      Function::Create(FunctionType::get(Type::getVoidTy(Ctx), {PtrTy}, false),
                       GlobalValue::InternalLinkage, Name, M);
  IRBuilder<> B(BasicBlock::Create(Ctx, "entry", Thunk));
  SmallVector<Value *, 3> Args;
  for (unsigned I = 0; I != Arguments->getNumElements(); ++I)
    Args.push_back(
        B.CreateLoad(Arguments->getElementType(I),
                     B.CreateStructGEP(Arguments, Thunk->getArg(0), I)));
  B.CreateCall(Call.getFunctionType(), Call.getCalledOperand(), Args);
  B.CreateRetVoid();
  return Thunk;
}

/// Memory released while unwinding: its shadow goes with it, at once.
void ReverseSweep::releaseShadow(CallBase &Call) {
  Value *Memory = Call.getArgOperand(0);
  if (isa<InvokeInst>(Call) || !Facts.hasShadow(Memory) ||
      Facts.pointer(Memory) == PointerActivity::Mixed)
    return;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Instruction *Release = Call.clone();
    cast<CallBase>(Release)->setArgOperand(0, Shadow.get(Memory, Lane));
    Release->insertAfter(Call.getIterator());
  }
}

void ReverseSweep::recordDeallocation(CallBase &Call) {
  Module &M = *G.getParent();
  IRBuilder<> At(&Call);
  SmallVector<Type *, 3> Types;
  for (const Use &Arg : Call.args())
    Types.push_back(Arg->getType());
  auto *Packed = StructType::get(M.getContext(), Types);
  auto DeferRelease = [&](Value *Memory) {
    if (Call.arg_size() == 1) {
      deferRelease(At, Tape, Memory, Call.getCalledOperand());
      return;
    }
    Value *Block = newBlock(
        At, Tape, At.getInt64(M.getDataLayout().getTypeAllocSize(Packed)));
    for (unsigned I = 0; I != Types.size(); ++I)
      At.CreateStore(I ? Call.getArgOperand(I) : Memory,
                     At.CreateStructGEP(Packed, Block, I));
    deferRelease(At, Tape, Block, releaseThunk(Call, Packed));
  };
  UsesTape = true;
  Value *Memory = Call.getArgOperand(0);
  DeferRelease(Memory);
  if (Facts.hasShadow(Memory))
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
      Value *Twin = Shadow.get(Memory, Lane);
      bool IsMixed = Facts.pointer(Memory) == PointerActivity::Mixed;
      if (IsMixed && Facts.mayLackShadows())
        Twin = shadowToFree(Memory, Twin, At);
      else if (IsMixed)
        Twin = At.CreateSelect(At.CreateICmpEQ(Twin, Memory),
                               Constant::getNullValue(Twin->getType()), Twin);
      DeferRelease(Twin);
    }
  RecordedCalls[&Call] = nullptr;
}

/// What was read before anything was stored is the constant zero. The next
/// reverse sweep on the same tape must not find its adjoint.
void ReverseSweep::dropAdjointsBefore(CallBase &Call) {
  if (Key.TheMode == Mode::Grad || !isZeroedAllocation(Call) ||
      !Facts.hasShadow(&Call))
    return;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    B.CreateMemSet(Shadow.get(&Call, Lane), B.getInt8(0),
                   emitAllocationSize(Call, B), MaybeAlign());
}

void ReverseSweep::visitCall(CallBase &Call) {
  if (OwnCalls.contains(&Call) || Call.hasMetadata("tern.trap"))
    return;
  switch (kindOf(Call)) {
  case CallKind::Body:
    if (Facts.isActiveCall(Call))
      reverseBody(Call);
    return;
  case CallKind::Reduction:
    if (Facts.isActive(&Call))
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
        visitReduction(Call, Lane);
    return;
  case CallKind::Allocation:
    return dropAdjointsBefore(Call);
  case CallKind::Inactive:
  case CallKind::Deallocation:
  case CallKind::Regions: // our own: Reverse.cpp refuses others
    return;
  case CallKind::Tape:
    if (isAdjointCopy(Call))
      reverseAdjointCopy(Call);
    return;
  default:
    if (holdsFloat(Call.getType()) && Facts.isActive(&Call))
      refuse(Call);
  }
}

void ReverseSweep::reverseBody(CallBase &Call) {
  if (isReplayed(Call))
    return replay(Call);
  DerivativeKey K = keyOf(Call, Mode::Reverse);
  Function *Reverse = Work.request(K);
  SmallVector<Value *, 8> Args = sweepArguments(Call, K, B);
  if (K.Result == Activity::Active)
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
      Args.push_back(Adjoint.take(&Call, Lane, B));
  Args.push_back(Tape);
  addAdjointsOf(Call, K, B.CreateCall(Reverse, Args));
}

void ReverseSweep::replaceRecordedCalls() {
  for (auto &[Call, Primal] : RecordedCalls)
    if (Primal)
      Call->replaceAllUsesWith(Primal);
  // An invoke stays: it becomes a branch when the record call becomes an
  // invoke.
  RecordedCalls.remove_if([](auto &Recorded) {
    bool IsCall = isa<CallInst>(Recorded.first);
    if (IsCall)
      Recorded.first->eraseFromParent();
    return IsCall;
  });
}

/// The record call sits before the old invoke: it takes over the unwind edge,
/// and the invoke becomes a branch.
void ReverseSweep::finishInvokes() {
  for (auto &[Call, Primal] : RecordedCalls) {
    auto *Invoke = cast<InvokeInst>(Call);
    BasicBlock *Old = Invoke->getParent(), *Pad = Invoke->getUnwindDest();
    if (CallInst *New = RecordedInvokes.lookup(Invoke)) {
      BasicBlock *Rest = changeToInvokeAndSplitBasicBlock(New, Pad);
      BasicBlock *Thrower = Rest->getSinglePredecessor();
      for (PHINode &Phi : Pad->phis())
        Phi.addIncoming(Phi.getIncomingValueForBlock(Rest), Thrower);
      Old = Rest;
    }
    Pad->removePredecessor(Old);
    BranchInst::Create(Invoke->getNormalDest(), Invoke->getIterator());
    Invoke->eraseFromParent();
  }
}

} // namespace tern
