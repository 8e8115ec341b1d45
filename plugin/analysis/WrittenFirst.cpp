// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WrittenFirst.h"
#include "Overwrites.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

struct WrittenFirst::State {
  DominatorTree DT;
  PostDominatorTree PDT;
  LoopInfo LI;
  TargetLibraryInfoImpl Names;
  TargetLibraryInfo TLI;
  AssumptionCache AC;
  ScalarEvolution SE;
  Overwrites Writes;

  explicit State(Function &F)
      : DT(F), PDT(F), LI(DT), Names(F.getParent()->getTargetTriple()),
        TLI(Names, &F), AC(F), SE(F, TLI, AC, DT, LI),
        Writes(F, DT, LI,
               [this](BasicBlock *BB) { return DT.isReachableFromEntry(BB); }) {
  }
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
      const SCEV *Count = SE.getTruncateOrZeroExtend(
          Taken, Rec->getStepRecurrence(SE)->getType());
      *Bound =
          Bound == &R.First
              ? Rec->getStart()
              : SE.getAddExpr(Rec->getStart(),
                              SE.getMulExpr(Rec->getStepRecurrence(SE), Count));
    }
  }
  return R;
}

/// The branches that decide whether M is entered: through one of their edges it
/// always is, through the other never.
SmallVector<WrittenFirst::Decision, 4> WrittenFirst::decisionsFor(Loop &M) {
  BasicBlock *Header = M.getHeader();
  SmallVector<Decision, 4> Found;
  for (auto *Node = S->DT.getNode(Header); Node; Node = Node->getIDom()) {
    auto *Branch = dyn_cast<BranchInst>(Node->getBlock()->getTerminator());
    for (unsigned Taken : {0u, 1u})
      if (Branch && Branch->isConditional() &&
          S->DT.dominates(
              BasicBlockEdge(Node->getBlock(), Branch->getSuccessor(Taken)),
              Header) &&
          S->PDT.dominates(Header, Branch->getSuccessor(Taken)))
        Found.push_back({Branch, Taken});
  }
  return Found;
}

/// BB may run before M in one iteration of Common.
static bool mayPrecede(BasicBlock *BB, const Loop &M, const Loop &Common) {
  SmallVector<BasicBlock *, 16> Work(successors(BB));
  SmallPtrSet<BasicBlock *, 16> Seen = {Common.getHeader()};
  while (!Work.empty()) {
    BasicBlock *Next = Work.pop_back_val();
    if (!Seen.insert(Next).second)
      continue;
    if (Next == M.getHeader())
      return true;
    Work.append(succ_begin(Next), succ_end(Next));
  }
  return false;
}

static bool isSameCondition(const Value *A, const Value *B) {
  const auto *X = dyn_cast<CmpInst>(A), *Y = dyn_cast<CmpInst>(B);
  return A == B || (X && Y && X->isIdenticalTo(Y));
}

/// What decides for M also decides for BB.
bool WrittenFirst::runsWhenever(Loop &M, BasicBlock *BB) {
  if (S->DT.dominates(M.getHeader(), BB))
    return true;
  for (auto [Decider, Taken] : decisionsFor(M))
    for (auto *Node = S->DT.getNode(BB); Node; Node = Node->getIDom()) {
      auto *Branch = dyn_cast<BranchInst>(Node->getBlock()->getTerminator());
      if (Branch && Branch->isConditional() && Branch != Decider &&
          isSameCondition(Branch->getCondition(), Decider->getCondition()) &&
          S->DT.dominates(Decider->getParent(), BB) &&
          S->DT.dominates(
              BasicBlockEdge(Node->getBlock(), Branch->getSuccessor(Taken)),
              BB))
        return true;
    }
  return false;
}

/// No iteration of L runs M, and nothing else writes to what the load reads: it
/// finds the same memory each time; or each iteration runs M.
bool WrittenFirst::runsAlwaysOrNever(Loop &M, StoreInst &Store, LoadInst &Load,
                                     Loop &L) {
  auto Others = S->Writes.overwritesOf(Load);
  if (Others.size() != 1 || Others.front() != &Store)
    return false;
  return any_of(decisionsFor(M), [&](Decision D) {
    BasicBlock *Decider = D.Branch->getParent();
    return L.isLoopInvariant(D.Branch->getCondition()) && L.contains(Decider) &&
           S->DT.dominates(Decider, L.getLoopLatch()) &&
           S->DT.dominates(Decider, Load.getParent());
  });
}

/// The store's loop ends before the load runs and its block runs in each of its
/// iterations; or both sit in the same iteration of one loop.
bool WrittenFirst::alwaysRuns(StoreInst &Store, LoadInst &Load, Loop &Common,
                              Loop &L) {
  if (S->DT.dominates(&Store, &Load))
    return true;
  Loop *M = S->LI.getLoopFor(Store.getParent());
  if (M == &Common || M->getParentLoop() != &Common || M->contains(&Load))
    return false;
  return M->getExitingBlock() == M->getLoopLatch() &&
         S->DT.dominates(Store.getParent(), M->getLoopLatch()) &&
         !mayPrecede(Load.getParent(), *M, Common) &&
         (runsWhenever(*M, Load.getParent()) ||
          runsAlwaysOrNever(*M, Store, Load, L));
}

/// In each iteration of the innermost loop around both (L or one inside it).
bool WrittenFirst::covers(StoreInst &Store, LoadInst &Load, Loop &L) {
  ScalarEvolution &SE = S->SE;
  if (!L.contains(&Store) ||
      Store.getValueOperand()->getType() != Load.getType())
    return false;
  Loop *Common = S->LI.getLoopFor(Store.getParent());
  while (!Common->contains(&Load))
    Common = Common->getParentLoop();
  if (!alwaysRuns(Store, Load, *Common, L))
    return false;
  const SCEV *To = SE.getSCEV(Store.getPointerOperand());
  const SCEV *From = SE.getSCEV(Load.getPointerOperand());
  if (SE.getPointerBase(To) != SE.getPointerBase(From))
    return false;
  if (To == From && S->DT.dominates(&Store, &Load))
    return true;
  Loop *M = S->LI.getLoopFor(Store.getParent());
  Range Written{To, To};
  if (M != Common) {
    const auto *Rec = dyn_cast<SCEVAddRecExpr>(To);
    const SCEV *Size = SE.getConstant(
        To->getType()->isPointerTy() ? Type::getInt64Ty(SE.getContext())
                                     : To->getType(),
        Load.getDataLayout().getTypeStoreSize(Load.getType()));
    // Dense: each step as wide as what is stored.
    if (!Rec || Rec->getLoop() != M || M->getParentLoop() != Common ||
        Rec->getStepRecurrence(SE) != Size)
      return false;
    Written = rangeIn(Store.getPointerOperand(), M, *Common);
  }
  Range Read = rangeIn(Load.getPointerOperand(),
                       S->LI.getLoopFor(Load.getParent()), *Common);
  if (!Read.First || !Written.First)
    return false;
  // Where the store runs, what leads to its loop holds.
  auto IsAtLeast = [&](const SCEV *A, const SCEV *B) {
    return SE.isKnownNonNegative(SE.applyLoopGuards(SE.getMinusSCEV(A, B), M));
  };
  return IsAtLeast(Read.First, Written.First) &&
         IsAtLeast(Written.Last, Read.Last);
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
