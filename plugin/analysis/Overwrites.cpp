// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Overwrites.h"
#include "../autodiff/Replay.h"
#include "Calls.h"
#include "InactiveEffects.h"
#include "Objects.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/BasicAliasAnalysis.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ScopedNoAliasAA.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/TypeBasedAliasAnalysis.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

struct Overwrites::AliasQueries {
  TargetLibraryInfoImpl Names;
  TargetLibraryInfo TLI;
  AssumptionCache AC;
  ScalarEvolution SE;
  BasicAAResult Basic;
  ScopedNoAliasAAResult Scoped;
  TypeBasedAAResult Typed;
  AAResults AA;
  BatchAAResults Batch;

  AliasQueries(Function &F, DominatorTree &DT, LoopInfo &LI)
      : Names(F.getParent()->getTargetTriple()), TLI(Names, &F), AC(F),
        SE(F, TLI, AC, DT, LI), Basic(F.getDataLayout(), F, TLI, AC, &DT),
        Typed(/*UsingTypeSanitizer=*/false), AA(TLI), Batch(AA) {
    AA.addAAResult(Basic);
    AA.addAAResult(Scoped);
    AA.addAAResult(Typed);
    // A write in a later iteration counts as well.
    Batch.enableCrossIterationMode();
  }
};

static bool mayWrite(Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return I.mayWriteToMemory();
  switch (classify(*Call)) {
  case CallKind::Math: // errno is not user memory
  case CallKind::Allocation:
  case CallKind::Deallocation: // delayed past the reverse sweep
  case CallKind::Regions:
    return false;
  case CallKind::Tape: // its own memory; in a derivative, adjoints also move
    return isAdjointCopy(*Call);
  default:
    return I.mayWriteToMemory();
  }
}

Overwrites::Overwrites(Function &F, DominatorTree &DT, LoopInfo &LI,
                       function_ref<bool(BasicBlock *)> IsLive,
                       Surroundings Around)
    : DT(DT), LI(LI), Around(std::move(Around)),
      Queries(std::make_unique<AliasQueries>(F, DT, LI)) {
  for (Instruction &I : instructions(F))
    if (IsLive(I.getParent()) && mayWrite(I))
      Writes.push_back(&I);
  // Answered now, while the function is as the program wrote it.
  for (Instruction &I : instructions(F)) {
    if (auto *Load = dyn_cast<LoadInst>(&I))
      if (this->Around.IsSplit || LI.getLoopFor(I.getParent()))
        Known[Load] = findOverwrite(*Load);
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (classify(*Call) == CallKind::Body)
        for (Use &Arg : Call->args())
          if (Arg->getType()->isPointerTy() && !findChange(*Call, Arg)) {
            Staying[Call].resize(Call->arg_size());
            Staying[Call].set(Call->getArgOperandNo(&Arg));
          }
  }
}

Overwrites::~Overwrites() = default;

bool Overwrites::mayFollow(Instruction &Later, Instruction &Earlier) {
  BasicBlock *From = Earlier.getParent(), *To = Later.getParent();
  if (From == To && Earlier.comesBefore(&Later))
    return true;
  auto [It, IsNew] = Reachable.try_emplace(From);
  if (IsNew) {
    SmallVector<BasicBlock *, 16> Work(successors(From));
    while (!Work.empty()) {
      BasicBlock *BB = Work.pop_back_val();
      if (It->second.insert(BB).second)
        Work.append(succ_begin(BB), succ_end(BB));
    }
  }
  return It->second.contains(To);
}

/// Write and load use one affine address whose steps do not overlap, and the
/// write comes first in each iteration: later iterations write elsewhere.
///   for (i...) { y[i] = ...; use(y[i]); }
bool Overwrites::isSettledBefore(Instruction &Write, LoadInst &Load) {
  auto *Store = dyn_cast<StoreInst>(&Write);
  Loop *L = LI.getLoopFor(Load.getParent());
  if (!Store || !L || L != LI.getLoopFor(Write.getParent()) ||
      L->getParentLoop() || !DT.dominates(&Write, &Load))
    return false;
  ScalarEvolution &SE = Queries->SE;
  const SCEV *Address = SE.getSCEV(Load.getPointerOperand());
  if (Address != SE.getSCEV(Store->getPointerOperand()))
    return false;
  const auto *Rec = dyn_cast<SCEVAddRecExpr>(Address);
  if (!Rec || Rec->getLoop() != L || !Rec->isAffine())
    return false;
  const auto *Step = dyn_cast<SCEVConstant>(Rec->getStepRecurrence(SE));
  if (!Step)
    return false;
  const DataLayout &DL = Load.getDataLayout();
  uint64_t Size = std::max<uint64_t>(
      DL.getTypeStoreSize(Load.getType()),
      DL.getTypeStoreSize(Store->getValueOperand()->getType()));
  return Step->getAPInt().abs().uge(Size);
}

bool Overwrites::mayWriteThroughArguments(
    CallBase &Call, const MemoryLocation &Loc,
    function_ref<bool(unsigned)> MayWriteThrough) {
  return any_of(Call.args(), [&](const Use &Arg) {
    return Arg->getType()->isPointerTy() &&
           MayWriteThrough(Call.getArgOperandNo(&Arg)) &&
           !Queries->Batch.isNoAlias(
               MemoryLocation::getBeforeOrAfter(Arg.get()), Loc);
  });
}

/// The end of a handler releases the exception, which is memory that no other
/// object of the program is.
static bool mayReleaseException(const CallBase &Call, const Value *Pointer) {
  const Function *Callee = calledFunction(Call);
  return Callee && Callee->getName() == "__cxa_end_catch" &&
         any_of(objectsOf(Pointer), [](const Value *Object) {
           return !isa<Argument, GlobalVariable>(Object) &&
                  !isOwnObject(Object);
         });
}

/// Nothing of what it writes carries a derivative; the numbers count.
bool Overwrites::mayInactiveWriteTo(CallBase &Call, const MemoryLocation &Loc) {
  InactiveEffects Effects = effectsOfInactive(Call);
  if (Effects.Elsewhere)
    return isModSet(Queries->Batch.getModRefInfo(&Call, Loc));
  return any_of(Effects.Variables,
                [&](const GlobalVariable *G) {
                  return !Queries->Batch.isNoAlias(
                      MemoryLocation::getBeforeOrAfter(G), Loc);
                }) ||
         mayWriteThroughArguments(Call, Loc, [&](unsigned I) {
           return I < Effects.Through.size() && Effects.Through.test(I);
         });
}

bool Overwrites::mayWriteTo(Instruction &Write, const MemoryLocation &Loc) {
  auto *Call = dyn_cast<CallBase>(&Write);
  if (Call && isReplayed(*Call))
    return mayWriteThroughArguments(
        *Call, Loc, [&](unsigned I) { return writesThrough(*Call, I); });
  CallKind Kind = Call ? classify(*Call) : CallKind::Missing;
  if (Call && mayReleaseException(*Call, Loc.Ptr))
    return true;
  if (Kind == CallKind::Inactive)
    return mayInactiveWriteTo(*Call, Loc);
  if (Kind == CallKind::Body && Around.Effects) {
    const auto &Effects = Around.Effects->of(*calledFunction(*Call));
    if (!Effects.Elsewhere)
      return mayWriteThroughArguments(*Call, Loc, [&](unsigned I) {
        return I < Effects.Through.size() && Effects.Through.test(I);
      });
  }
  return isModSet(Queries->Batch.getModRefInfo(&Write, Loc));
}

/// Memory that nobody else can write to between the two sweeps.
bool Overwrites::isOwnMemory(Value *Pointer) const {
  return all_of(objectsOf(Pointer), [&](const Value *Object) {
    if (Around.Unchanged.contains(Object))
      return true;
    if (const auto *G = dyn_cast<GlobalVariable>(Object))
      return G->isConstant();
    const auto *Call = dyn_cast<CallBase>(Object);
    // A variable on the stack does not last; one that must is on the tape.
    bool IsLocal = Call && (classify(*Call) == CallKind::Tape ||
                            classify(*Call) == CallKind::Allocation);
    return IsLocal && !PointerMayBeCaptured(Object, /*ReturnCaptures=*/true);
  });
}

bool Overwrites::findOverwrite(LoadInst &Load) {
  if (Load.isVolatile() || Load.isAtomic() || readsLibraryState(Load) ||
      (Around.IsSplit && !isOwnMemory(Load.getPointerOperand())))
    return true;
  return any_of(Writes,
                [&](Instruction *Write) { return mayOverwrite(*Write, Load); });
}

bool Overwrites::mayOverwrite(Instruction &Write, LoadInst &Load) {
  return mayFollow(Write, Load) &&
         mayWriteTo(Write, MemoryLocation::get(&Load)) &&
         !isSettledBefore(Write, Load);
}

SmallVector<Instruction *, 4> Overwrites::overwritesOf(LoadInst &Load) {
  SmallVector<Instruction *, 4> Found;
  copy_if(Writes, std::back_inserter(Found),
          [&](Instruction *Write) { return mayOverwrite(*Write, Load); });
  return Found;
}

/// A call in a loop follows itself.
bool Overwrites::findChange(CallBase &Call, Value *Pointer) {
  if (Around.IsSplit && !isOwnMemory(Pointer))
    return true;
  MemoryLocation Loc = MemoryLocation::getBeforeOrAfter(Pointer);
  return any_of(Writes, [&](Instruction *Write) {
    return mayFollow(*Write, Call) && mayWriteTo(*Write, Loc);
  });
}

bool Overwrites::staysUntilReverse(CallBase &Call, unsigned Argument) const {
  auto It = Staying.find(&Call);
  return It != Staying.end() && It->second.test(Argument);
}

bool Overwrites::isOverwritten(LoadInst &Load) const {
  auto It = Known.find(&Load);
  return It == Known.end() || It->second;
}

} // namespace tern
