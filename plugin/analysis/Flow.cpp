// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Flow.h"
#include "LoopGuards.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace tern {

FlowFacts::FlowFacts(Function &F) : DT(F), LI(DT) {
  findLiveBlocks(F);
  TargetLibraryInfoImpl Names(F.getParent()->getTargetTriple());
  TargetLibraryInfo TLI(Names, &F);
  AssumptionCache AC(F);
  ScalarEvolution SE(F, TLI, AC, DT, LI);
  countIterations(SE);
  findMerges(F);
  addLastIterations(F);
}

FlowFacts::~FlowFacts() = default;

void FlowFacts::findLiveBlocks(Function &F) {
  for (BasicBlock &BB : F)
    if (isa<ReturnInst>(BB.getTerminator()) && DT.isReachableFromEntry(&BB))
      Exit = &BB;
  SmallVector<BasicBlock *, 32> Work;
  if (Exit)
    Work.push_back(Exit);
  while (!Work.empty()) {
    BasicBlock *BB = Work.pop_back_val();
    if (!DT.isReachableFromEntry(BB) || !Live.insert(BB).second)
      continue;
    Work.append(pred_begin(BB), pred_end(BB));
  }
}

//===-- Loops -------------------------------------------------------------===//

static PHINode *addIterationCounter(Loop &L) {
  BasicBlock *Header = L.getHeader();
  IRBuilder<> B(Header, Header->begin());
  PHINode *Iter = B.CreatePHI(B.getInt64Ty(), 2, "iter");
  B.SetInsertPoint(L.getLoopLatch()->getTerminator());
  Value *Next = B.CreateNUWAdd(Iter, B.getInt64(1), "iter.next");
  for (BasicBlock *Pred : predecessors(Header))
    Iter->addIncoming(L.contains(Pred) ? Next : B.getInt64(0), Pred);
  return Iter;
}

/// A latch that only goes back: what an iteration leaves on the tape is pushed
/// there or on the way out, never at both.
void FlowFacts::separateLatch(Loop &L) {
  BasicBlock *Latch = L.getLoopLatch();
  if (!L.isLoopExiting(Latch))
    return;
  BasicBlock *Back = SplitEdge(Latch, L.getHeader(), &DT, &LI);
  if (Live.contains(L.getHeader()))
    Live.insert(Back);
}

/// The number of iterations as an i64 expression, or null.
static const SCEV *tripCount(ScalarEvolution &SE, Loop &L) {
  const SCEV *Taken = SE.getBackedgeTakenCount(&L);
  if (isa<SCEVCouldNotCompute>(Taken) ||
      SE.getTypeSizeInBits(Taken->getType()) > 64)
    return nullptr;
  Type *I64 = Type::getInt64Ty(SE.getContext());
  const SCEV *Wide = SE.getNoopOrZeroExtend(Taken, I64);
  return SE.getAddExpr(Wide, SE.getOne(I64));
}

void FlowFacts::countIterations(ScalarEvolution &SE) {
  DenseMap<Loop *, const SCEV *> Trips;
  for (Loop *L : LI.getLoopsInPreorder()) {
    Loops[L].L = L;
    Trips[L] = tripCount(SE, *L);
  }
  SCEVExpander Expander(SE, "trips");
  LoopGuards Guards(DT, LI, SE, Expander);
  // A count is expanded before the outermost loop in which it, and those of
  // the loops between, do not change.
  auto IsKnownBefore = [&](Loop *L, Loop *Outer) {
    Instruction *At = Outer->getLoopPreheader()->getTerminator();
    return Trips[L] && SE.isAvailableAtLoopEntry(Trips[L], Outer) &&
           Expander.isSafeToExpandAt(Trips[L], At) &&
           Guards.areKnownBefore(*L, *Outer, Trips[L]);
  };
  for (auto &[L, Facts] : Loops) {
    if (!L->getLoopPreheader() || !IsKnownBefore(L, L))
      continue;
    Loop *Nest = L;
    for (Loop *P = L->getParentLoop(); P; P = P->getParentLoop()) {
      bool AllKnown = P->getLoopPreheader() && Trips[P];
      for (Loop *M = L; AllKnown && M != P->getParentLoop();
           M = M->getParentLoop())
        AllKnown = IsKnownBefore(M, P);
      if (!AllKnown)
        break;
      Nest = P;
    }
    Facts.Nest = Nest;
  }
  for (auto &[L, Facts] : Loops)
    if (Facts.Nest)
      Facts.Trips = Guards.expandTrips(*L, *Facts.Nest, Trips[L]);
  for (auto &[L, Facts] : Loops) {
    if (!Facts.Nest)
      separateLatch(*L);
    Facts.Iteration = addIterationCounter(*L);
  }
}

SmallVector<Loop *, 2> FlowFacts::loopsLeft(BasicBlock *From,
                                            BasicBlock *To) const {
  SmallVector<Loop *, 2> Left;
  for (Loop *L = LI.getLoopFor(From); L && !L->contains(To);
       L = L->getParentLoop())
    Left.push_back(L);
  return Left;
}

BasicBlock *FlowFacts::uniqueExit(Loop *L) const {
  BasicBlock *Found = nullptr;
  for (BasicBlock *BB : L->blocks())
    for (BasicBlock *Succ : successors(BB))
      if (!L->contains(Succ) && isLive(Succ)) {
        if (Found && Found != Succ)
          return nullptr;
        Found = Succ;
      }
  return Found;
}

const Pick *FlowFacts::pickOf(const Instruction &I) const {
  auto It = Loops.find(LI.getLoopFor(I.getParent()));
  if (It == Loops.end())
    return nullptr;
  for (const Pick &P : It->second.Picks)
    if (P.Next == &I)
      return &P;
  return nullptr;
}

/// Exits of loops have all their predecessors in the loop (canonical form), so
/// a phi there sees the counter of each loop left.
void FlowFacts::addLastIterations(Function &F) {
  for (BasicBlock &BB : F) {
    if (!isLive(&BB) || pred_empty(&BB))
      continue;
    for (Loop *L : loopsLeft(*pred_begin(&BB), &BB)) {
      LoopFacts &Facts = loop(L);
      IRBuilder<> B(&BB, BB.begin());
      if (Facts.Trips && L->getExitingBlock()) {
        B.SetInsertPoint(Facts.Nest->getLoopPreheader()->getTerminator());
        LastIterations[{L, &BB}] =
            B.CreateSub(Facts.Trips, B.getInt64(1), "last");
        continue;
      }
      PHINode *Last = B.CreatePHI(B.getInt64Ty(), 2, "last");
      for (BasicBlock *Pred : predecessors(&BB))
        Last->addIncoming(Facts.Iteration, Pred);
      LastIterations[{L, &BB}] = Last;
    }
  }
}

//===-- Merges ------------------------------------------------------------===//

/// True if every way into BB through Pred passes the edge Decider -> Succ.
static bool comesThrough(DominatorTree &DT, BasicBlock *Pred, BasicBlock *BB,
                         BasicBlockEdge Edge) {
  if (Pred == Edge.getStart())
    return Edge.getEnd() == BB;
  return DT.dominates(Edge, Pred);
}

/// The condition of the dominating branch if it alone decides between the two
/// predecessors; they are then ordered so that true means the first.
Value *FlowFacts::decidingCondition(BasicBlock *BB, MergeFacts &Merge) {
  BasicBlock *Decider = DT.getNode(BB)->getIDom()->getBlock();
  auto *Branch = dyn_cast<BranchInst>(Decider->getTerminator());
  if (!Branch || !Branch->isConditional() || Merge.Preds.size() != 2 ||
      Branch->getSuccessor(0) == Branch->getSuccessor(1) ||
      LI.getLoopFor(Decider) != LI.getLoopFor(BB))
    return nullptr;
  BasicBlockEdge True(Decider, Branch->getSuccessor(0));
  BasicBlockEdge False(Decider, Branch->getSuccessor(1));
  for (unsigned First : {0u, 1u}) {
    BasicBlock *P = Merge.Preds[First], *Q = Merge.Preds[1 - First];
    if (!comesThrough(DT, P, BB, True) || !comesThrough(DT, Q, BB, False))
      continue;
    Merge.Preds = {P, Q};
    return Branch->getCondition();
  }
  return nullptr;
}

static Value *addFromPhi(BasicBlock &BB, const MergeFacts &Merge) {
  IRBuilder<> B(&BB, BB.begin());
  PHINode *From = B.CreatePHI(B.getInt32Ty(), pred_size(&BB), "from");
  for (BasicBlock *Pred : predecessors(&BB)) {
    auto It = find(Merge.Preds, Pred);
    From->addIncoming(B.getInt32(It - Merge.Preds.begin()), Pred);
  }
  return From;
}

void FlowFacts::findMerges(Function &F) {
  for (BasicBlock &BB : F) {
    if (!isLive(&BB))
      continue;
    MergeFacts &Merge = Merges[&BB];
    for (BasicBlock *Pred : predecessors(&BB))
      if (DT.isReachableFromEntry(Pred) && !is_contained(Merge.Preds, Pred))
        Merge.Preds.push_back(Pred);
    if (Merge.Preds.size() < 2 || LI.isLoopHeader(&BB))
      continue;
    Merge.From = decidingCondition(&BB, Merge);
    if (!Merge.From)
      Merge.From = addFromPhi(BB, Merge);
  }
}

} // namespace tern
