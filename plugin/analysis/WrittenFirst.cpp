// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WrittenFirst.h"
#include "Overwrites.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

struct WrittenFirst::State {
  DominatorTree DT;
  LoopInfo LI;
  TargetLibraryInfoImpl Names;
  TargetLibraryInfo TLI;
  AssumptionCache AC;
  ScalarEvolution SE;
  Overwrites Writes;

  explicit State(Function &F)
      : DT(F), LI(DT), Names(F.getParent()->getTargetTriple()), TLI(Names, &F),
        AC(F), SE(F, TLI, AC, DT, LI), Writes(F, DT, LI,
               [this](BasicBlock *BB) { return DT.isReachableFromEntry(BB); }) {}
};

WrittenFirst::WrittenFirst(Function &F) : S(std::make_unique<State>(F)) {}
WrittenFirst::~WrittenFirst() = default;

SmallVector<Loop *, 8> WrittenFirst::loops() const {
  return SmallVector<Loop *, 8>(S->LI.begin(), S->LI.end());
}

/// First and last address over all loops inside L around `At`; null if not
/// affine with known trip counts and non-negative constant steps.
WrittenFirst::Range WrittenFirst::rangeIn(Value *Pointer, Loop *At, Loop &L) {
  ScalarEvolution &SE = S->SE;
  Range R;
  R.First = R.Last = SE.getSCEV(Pointer);
  for (Loop *M = At; M && M != &L; M = M->getParentLoop()) {
    const SCEV *Taken = SE.getBackedgeTakenCount(M);
    if (isa<SCEVCouldNotCompute>(Taken))
      return {};
    for (const SCEV **Bound : {&R.First, &R.Last}) {
      if (SE.isLoopInvariant(*Bound, M))
        continue;
      const auto *Rec = dyn_cast<SCEVAddRecExpr>(*Bound);
      if (!Rec || Rec->getLoop() != M || !Rec->isAffine() ||
          !SE.isKnownNonNegative(Rec->getStepRecurrence(SE)))
        return {};
      const SCEV *Count =
          SE.getTruncateOrZeroExtend(Taken, Rec->getStepRecurrence(SE)->getType());
      *Bound = Bound == &R.First
                   ? Rec->getStart()
                   : SE.getAddExpr(Rec->getStart(),
                                   SE.getMulExpr(Rec->getStepRecurrence(SE), Count));
    }
  }
  return R;
}

/// If M is entered at all is decided by a branch whose condition also holds
/// where BB runs.
bool WrittenFirst::runsWhenever(Loop &M, BasicBlock *BB) {
  if (S->DT.dominates(M.getHeader(), BB))
    return true;
  BasicBlock *Decider = M.getLoopPreheader()->getSinglePredecessor();
  auto *Guard =
      Decider ? dyn_cast<BranchInst>(Decider->getTerminator()) : nullptr;
  if (!Guard || !Guard->isConditional() || !S->DT.dominates(Decider, BB))
    return false;
  unsigned Enters = Guard->getSuccessor(0) == M.getLoopPreheader() ? 0 : 1;
  for (auto *Node = S->DT.getNode(BB); Node; Node = Node->getIDom()) {
    auto *Branch = dyn_cast<BranchInst>(Node->getBlock()->getTerminator());
    if (Branch && Branch->isConditional() && Branch != Guard &&
        Branch->getCondition() == Guard->getCondition() &&
        S->DT.dominates(BasicBlockEdge(Node->getBlock(),
                                       Branch->getSuccessor(Enters)),
                        BB))
      return true;
  }
  return false;
}

/// The store's loops all end before the load runs and its block runs in each of
/// their iterations; or both sit in the same iteration of one loop.
bool WrittenFirst::alwaysRuns(StoreInst &Store, LoadInst &Load, Loop &L) {
  if (S->DT.dominates(&Store, &Load))
    return true;
  Loop *M = S->LI.getLoopFor(Store.getParent());
  if (!M || M == &L || M->getParentLoop() != &L || M->contains(&Load))
    return false;
  return M->getExitingBlock() == M->getLoopLatch() &&
         S->DT.dominates(Store.getParent(), M->getLoopLatch()) &&
         runsWhenever(*M, Load.getParent());
}

bool WrittenFirst::covers(StoreInst &Store, LoadInst &Load, Loop &L) {
  ScalarEvolution &SE = S->SE;
  if (!L.contains(&Store) ||
      Store.getValueOperand()->getType() != Load.getType() ||
      !alwaysRuns(Store, Load, L))
    return false;
  const SCEV *To = SE.getSCEV(Store.getPointerOperand());
  const SCEV *From = SE.getSCEV(Load.getPointerOperand());
  if (SE.getPointerBase(To) != SE.getPointerBase(From))
    return false;
  if (To == From && S->DT.dominates(&Store, &Load))
    return true;
  Loop *M = S->LI.getLoopFor(Store.getParent());
  Range Written{To, To};
  if (M != &L && !M->contains(&Load)) {
    const auto *Rec = dyn_cast<SCEVAddRecExpr>(To);
    const SCEV *Size = SE.getConstant(
        To->getType()->isPointerTy() ? Type::getInt64Ty(SE.getContext())
                                     : To->getType(),
        Load.getDataLayout().getTypeStoreSize(Load.getType()));
    // Dense: each step as wide as what is stored.
    if (!Rec || Rec->getLoop() != M || M->getParentLoop() != &L ||
        Rec->getStepRecurrence(SE) != Size)
      return false;
    Written = rangeIn(Store.getPointerOperand(), M, L);
  }
  Range Read =
      rangeIn(Load.getPointerOperand(), S->LI.getLoopFor(Load.getParent()), L);
  if (!Read.First || !Written.First)
    return false;
  return SE.isKnownNonNegative(SE.getMinusSCEV(Read.First, Written.First)) &&
         SE.isKnownNonNegative(SE.getMinusSCEV(Written.Last, Read.Last));
}

bool WrittenFirst::isStable(LoadInst &Load, Loop &L) {
  if (!S->Writes.isOverwritten(Load))
    return true;
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (auto *Store = dyn_cast<StoreInst>(&I))
        if (covers(*Store, Load, L))
          return true;
  return false;
}

} // namespace tern
