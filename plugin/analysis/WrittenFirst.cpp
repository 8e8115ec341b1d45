// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WrittenFirst.h"
#include "Overwrites.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
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

/// Where `From` goes to its successor `Edge`, `Decider` goes to `Taken`.
static bool implies(BranchInst &From, unsigned Edge, BranchInst &Decider,
                    unsigned Taken) {
  std::optional<bool> Holds = isImpliedCondition(
      From.getCondition(), Decider.getCondition(), From.getDataLayout(),
      /*LHSIsTrue=*/Edge == 0);
  return Holds && *Holds == (Taken == 0);
}

/// What decides for M also decides for BB.
bool WrittenFirst::runsWhenever(Loop &M, BasicBlock *BB) {
  if (S->DT.dominates(M.getHeader(), BB))
    return true;
  for (auto [Decider, Taken] : decisionsFor(M))
    for (auto *Node = S->DT.getNode(BB); Node; Node = Node->getIDom()) {
      auto *Branch = dyn_cast<BranchInst>(Node->getBlock()->getTerminator());
      if (!Branch || !Branch->isConditional() || Branch == Decider ||
          !S->DT.dominates(Decider->getParent(), BB))
        continue;
      for (unsigned Edge : {0u, 1u})
        if (S->DT.dominates(
                BasicBlockEdge(Node->getBlock(), Branch->getSuccessor(Edge)),
                BB) &&
            implies(*Branch, Edge, *Decider, Taken))
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
  return precedes(Store, Load, Common) &&
         (runsWhenever(*M, Load.getParent()) ||
          runsAlwaysOrNever(*M, Store, Load, L));
}

/// The store runs in each iteration of a loop that, if it runs at all, ends
/// before the load.
bool WrittenFirst::precedes(StoreInst &Store, LoadInst &Load, Loop &Common) {
  Loop *M = S->LI.getLoopFor(Store.getParent());
  return M->getParentLoop() == &Common && !M->contains(&Load) &&
         M->getExitingBlock() == M->getLoopLatch() &&
         S->DT.dominates(Store.getParent(), M->getLoopLatch()) &&
         !mayPrecede(Load.getParent(), *M, Common);
}

/// What the store writes in an iteration of Common: one place, or all from one
/// place to another, if each step is as wide as what is stored.
WrittenFirst::Range WrittenFirst::writtenIn(StoreInst &Store, Loop &Common) {
  ScalarEvolution &SE = S->SE;
  const SCEV *To = SE.getSCEV(Store.getPointerOperand());
  Loop *M = S->LI.getLoopFor(Store.getParent());
  if (M == &Common)
    return {To, To};
  const auto *Rec = dyn_cast<SCEVAddRecExpr>(To);
  const SCEV *Size = SE.getConstant(To->getType()->isPointerTy()
                                        ? Type::getInt64Ty(SE.getContext())
                                        : To->getType(),
                                    Store.getDataLayout().getTypeStoreSize(
                                        Store.getValueOperand()->getType()));
  if (!Rec || Rec->getLoop() != M || M->getParentLoop() != &Common ||
      Rec->getStepRecurrence(SE) != Size)
    return {};
  return rangeIn(Store.getPointerOperand(), M, Common);
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
  Range Written = writtenIn(Store, *Common);
  Range Read = addresses(Load, *Common);
  if (!Read.First || !Written.First)
    return false;
  // Where the store runs, what leads to its loop holds.
  Loop *M = S->LI.getLoopFor(Store.getParent());
  auto IsAtLeast = [&](const SCEV *A, const SCEV *B) {
    return SE.isKnownNonNegative(SE.applyLoopGuards(SE.getMinusSCEV(A, B), M));
  };
  return IsAtLeast(Read.First, Written.First) &&
         IsAtLeast(Written.Last, Read.Last);
}

//===-- Several stores together -------------------------------------------===//

namespace {
/// Puts in for values what is known of their size.
class BoundedValues : public SCEVRewriteVisitor<BoundedValues> {
public:
  BoundedValues(ScalarEvolution &SE,
                const DenseMap<const SCEV *, const SCEV *> &Bounds)
      : SCEVRewriteVisitor(SE), Bounds(Bounds) {}
  const SCEV *visit(const SCEV *S) {
    const SCEV *Bounded = Bounds.lookup(S);
    return Bounded ? Bounded : SCEVRewriteVisitor::visit(S);
  }

private:
  const DenseMap<const SCEV *, const SCEV *> &Bounds;
};
} // namespace

/// A >= B where the load runs and the branches in `Facts` went that way.
bool WrittenFirst::isAtLeast(const SCEV *A, const SCEV *B, LoadInst &At,
                             ArrayRef<Decision> Facts) {
  ScalarEvolution &SE = S->SE;
  const SCEV *Difference = SE.getMinusSCEV(A, B);
  if (isa<SCEVCouldNotCompute>(Difference))
    return false;
  DenseMap<const SCEV *, const SCEV *> Bounds;
  for (auto [Branch, Taken] : Facts) {
    const auto *Cmp = cast<ICmpInst>(Branch->getCondition());
    auto Region = ConstantRange::makeExactICmpRegion(
        Taken == 0 ? Cmp->getPredicate() : Cmp->getInversePredicate(),
        cast<ConstantInt>(Cmp->getOperand(1))->getValue());
    const SCEV *Compared = SE.getSCEV(Cmp->getOperand(0));
    const SCEV *&V = Bounds.try_emplace(Compared, Compared).first->second;
    V = SE.getSMaxExpr(SE.getConstant(Region.getSignedMin()), V);
    V = SE.getSMinExpr(SE.getConstant(Region.getSignedMax()), V);
    V = SE.getUMaxExpr(SE.getConstant(Region.getUnsignedMin()), V);
    V = SE.getUMinExpr(SE.getConstant(Region.getUnsignedMax()), V);
  }
  Difference = BoundedValues(SE, Bounds).visit(Difference);
  if (Loop *M = S->LI.getLoopFor(At.getParent()))
    Difference = SE.applyLoopGuards(Difference, M);
  return SE.isKnownNonNegative(Difference);
}

/// From `Next` to `Last` all is written by the pieces, or there is nothing.
bool WrittenFirst::reaches(const SCEV *Next, LoadInst &Load, const SCEV *Last,
                           ArrayRef<Piece> Pieces, ArrayRef<Decision> Facts) {
  ScalarEvolution &SE = S->SE;
  const SCEV *Size =
      SE.getConstant(SE.getEffectiveSCEVType(Next->getType()),
                     Load.getDataLayout().getTypeStoreSize(Load.getType()));
  if (isAtLeast(Next, SE.getAddExpr(Last, Size), Load, Facts))
    return true;
  for (const Piece &P : Pieces) {
    SmallVector<Decision, 4> IfRun(Facts), IfNot(Facts);
    if (P.Runs) {
      IfRun.push_back(*P.Runs);
      IfNot.push_back({P.Runs->Branch, 1 - P.Runs->Taken});
    }
    if (!isAtLeast(Next, P.Written.First, Load, IfRun) ||
        !isAtLeast(P.Written.Last, Next, Load, IfRun))
      continue;
    SmallVector<Piece, 4> Others;
    copy_if(Pieces, std::back_inserter(Others),
            [&](const Piece &Other) { return &Other != &P; });
    const SCEV *After = SE.getAddExpr(P.Written.Last, Size);
    return reaches(After, Load, Last, Others, IfRun) &&
           (!P.Runs || reaches(Next, Load, Last, Others, IfNot));
  }
  return false;
}

std::optional<WrittenFirst::Piece>
WrittenFirst::pieceOf(StoreInst &Store, LoadInst &Load, Loop &Common) {
  ScalarEvolution &SE = S->SE;
  if (Store.getValueOperand()->getType() != Load.getType() ||
      SE.getPointerBase(SE.getSCEV(Store.getPointerOperand())) !=
          SE.getPointerBase(SE.getSCEV(Load.getPointerOperand())))
    return std::nullopt;
  Piece P{writtenIn(Store, Common), std::nullopt};
  Loop *M = S->LI.getLoopFor(Store.getParent());
  if (!P.Written.First || (M == &Common ? !S->DT.dominates(&Store, &Load)
                                        : !precedes(Store, Load, Common)))
    return std::nullopt;
  if (M == &Common || runsWhenever(*M, Load.getParent()))
    return P;
  for (Decision D : decisionsFor(*M)) {
    auto *Cmp = dyn_cast<ICmpInst>(D.Branch->getCondition());
    if (Cmp && Common.isLoopInvariant(Cmp) &&
        isa<ConstantInt>(Cmp->getOperand(1)) &&
        S->DT.dominates(D.Branch->getParent(), Load.getParent())) {
      P.Runs = D;
      return P;
    }
  }
  return std::nullopt;
}

/// In each iteration of Common.
bool WrittenFirst::coverTogether(LoadInst &Load, Loop &Common) {
  constexpr unsigned MaxPieces = 6;
  SmallVector<Piece, MaxPieces> Pieces;
  for (BasicBlock *BB : Common.blocks())
    for (Instruction &I : *BB)
      if (auto *Store = dyn_cast<StoreInst>(&I))
        if (std::optional<Piece> P = pieceOf(*Store, Load, Common))
          Pieces.push_back(*P);
  Range Read = addresses(Load, Common);
  return Read.First && Pieces.size() > 1 && Pieces.size() <= MaxPieces &&
         reaches(Read.First, Load, Read.Last, Pieces, {});
}

//===-- The answers -------------------------------------------------------===//

Loop *WrittenFirst::loopFor(const BasicBlock *BB) const {
  return S->LI.getLoopFor(BB);
}

bool WrittenFirst::isOverwritten(LoadInst &Load) {
  return S->Writes.isOverwritten(Load);
}

WrittenFirst::Range WrittenFirst::addresses(LoadInst &Load, Loop &L) {
  return rangeIn(Load.getPointerOperand(), S->LI.getLoopFor(Load.getParent()),
                 L);
}

ScalarEvolution &WrittenFirst::evolution() { return S->SE; }
DominatorTree &WrittenFirst::dominators() { return S->DT; }

bool WrittenFirst::isStable(LoadInst &Load, Loop &L) {
  if (!S->Writes.isOverwritten(Load))
    return true;
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (auto *Store = dyn_cast<StoreInst>(&I))
        if (covers(*Store, Load, L))
          return true;
  for (Loop *Common = S->LI.getLoopFor(Load.getParent());;
       Common = Common->getParentLoop()) {
    if (coverTogether(Load, *Common))
      return true;
    if (Common == &L)
      return false;
  }
}

} // namespace tern
