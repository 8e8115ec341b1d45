// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Winners.h"
#include "ActivityFacts.h"
#include "Calls.h"
#include "Flow.h"
#include "WinnerSearch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include <optional>

using namespace llvm;

namespace tern {

namespace {

class WinnerFinder {
public:
  WinnerFinder(FlowFacts &Flow, const ActivityFacts &Facts)
      : Flow(Flow), Facts(Facts) {}
  bool hasSimpleFlow(Loop &L);
  bool findPicks(Loop &L, SmallVectorImpl<Pick> &Picks);
  bool handsOnNothingElse(Loop &L, ArrayRef<Pick> Picks);

private:
  std::optional<Pick> pickFor(PHINode &Phi, Loop &L);
  bool isUsedElsewhere(const Pick &P, Loop &L);
  bool mayTouchShadows(Instruction &I);

  FlowFacts &Flow;
  const ActivityFacts &Facts;
};

} // namespace

//===-- Does the loop qualify? --------------------------------------------===//

/// Every iteration that starts reaches the latch, where alone the loop ends,
/// and nothing in it goes to frames of the tape.
bool WinnerFinder::hasSimpleFlow(Loop &L) {
  BasicBlock *Exit = L.getExitBlock();
  if (!L.getLoopPreheader() || !Exit || L.getExitingBlock() != L.getLoopLatch())
    return false;
  return Flow.isLive(Exit) && Exit->getSinglePredecessor() &&
         Flow.LI.getLoopFor(Exit) == L.getParentLoop() &&
         all_of(L.getLoopsInPreorder(),
                [&](Loop *M) { return Flow.loop(M).Nest != nullptr; });
}

static bool isExtremum(const Instruction &I) {
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  if (!Call || I.getType()->isVectorTy())
    return false;
  switch (Call->getIntrinsicID()) {
  case Intrinsic::minnum:
  case Intrinsic::maxnum:
  case Intrinsic::minimum:
  case Intrinsic::maximum:
  case Intrinsic::minimumnum:
  case Intrinsic::maximumnum:
    return true;
  default:
    return false;
  }
}

/// Next = c ? Offered : Carried, a minimum or maximum of the two, or a phi
/// where some ways through the iteration leave what is carried as it is.
std::optional<Pick> WinnerFinder::pickFor(PHINode &Phi, Loop &L) {
  BasicBlock *Latch = L.getLoopLatch();
  auto *Next = dyn_cast<Instruction>(Phi.getIncomingValueForBlock(Latch));
  if (!Next || Next == &Phi || Flow.LI.getLoopFor(Next->getParent()) != &L ||
      !Flow.DT.dominates(Next->getParent(), Latch))
    return std::nullopt;
  Pick P{&Phi, Next, nullptr};
  if (isa<PHINode>(Next))
    return is_contained(Next->operands(), &Phi) ? std::optional(P)
                                                : std::nullopt;
  unsigned First = isa<SelectInst>(Next) ? 1 : 0;
  if (First ? Next->getOperand(0)->getType()->isVectorTy() : !isExtremum(*Next))
    return std::nullopt;
  Value *A = Next->getOperand(First), *B = Next->getOperand(First + 1);
  if ((A == &Phi) == (B == &Phi))
    return std::nullopt;
  P.Offered = A == &Phi ? B : A;
  return P;
}

/// Something else that may carry a derivative sees what is carried.
bool WinnerFinder::isUsedElsewhere(const Pick &P, Loop &L) {
  return any_of(P.Carried->users(), [&](const User *U) {
    return U != P.Next &&
           (Facts.isActive(U) || !L.contains(cast<Instruction>(U)));
  });
}

/// Both hand on what they carry in the same iterations.
static bool decideAlike(const Pick &A, const Pick &B) {
  if (const auto *X = dyn_cast<SelectInst>(A.Next)) {
    const auto *Y = dyn_cast<SelectInst>(B.Next);
    return Y && X->getCondition() == Y->getCondition() &&
           (X->getTrueValue() == A.Offered) == (Y->getTrueValue() == B.Offered);
  }
  const auto *X = dyn_cast<PHINode>(A.Next), *Y = dyn_cast<PHINode>(B.Next);
  return X && Y && X->getParent() == Y->getParent() &&
         all_of(X->blocks(), [&](const BasicBlock *Pred) {
           return (X->getIncomingValueForBlock(Pred) == A.Carried) ==
                  (Y->getIncomingValueForBlock(Pred) == B.Carried);
         });
}

bool WinnerFinder::findPicks(Loop &L, SmallVectorImpl<Pick> &Picks) {
  for (PHINode &Phi : L.getHeader()->phis()) {
    if (!Facts.isActive(&Phi))
      continue;
    std::optional<Pick> P = pickFor(Phi, L);
    if (!P || isUsedElsewhere(*P, L) ||
        (!Picks.empty() && !decideAlike(Picks.front(), *P)))
      return false;
    Picks.push_back(*P);
  }
  return !Picks.empty();
}

/// Its reverse does something even where all adjoints are zero.
bool WinnerFinder::mayTouchShadows(Instruction &I) {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return Facts.hasShadow(Store->getPointerOperand());
  if (auto *Call = dyn_cast<CallInst>(&I)) {
    CallKind Kind = classify(*Call);
    return Kind != CallKind::Inactive &&
           (Kind != CallKind::Math || any_of(Call->args(), [](const Use &Arg) {
              return Arg->getType()->isPointerTy();
            }));
  }
  return I.mayWriteToMemory() || isa<AllocaInst, CallBase>(I);
}

bool WinnerFinder::handsOnNothingElse(Loop &L, ArrayRef<Pick> Picks) {
  auto IsPick = [&](const Instruction &I) {
    return any_of(Picks, [&](const Pick &P) { return P.Next == &I; });
  };
  auto Leaves = [&](const Instruction &I) {
    return Facts.isActive(&I) && any_of(I.users(), [&](const User *U) {
             return !L.contains(cast<Instruction>(U));
           });
  };
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (mayTouchShadows(I) || (Leaves(I) && !IsPick(I)))
        return false;
  return true;
}

//===-- The values that say which iteration won ---------------------------===//

/// i1: the iteration replaces what is carried, by the rule of the instruction
/// that chooses (rules/Math.def: a tie goes to the first operand).
static Value *emitWon(const Pick &P, Loop &L) {
  IRBuilder<> B(L.getLoopLatch()->getTerminator());
  if (auto *Select = dyn_cast<SelectInst>(P.Next)) {
    Value *Condition = Select->getCondition();
    return Select->getTrueValue() == P.Offered ? Condition
                                               : B.CreateNot(Condition);
  }
  if (auto *Merge = dyn_cast<PHINode>(P.Next)) {
    B.SetInsertPoint(Merge);
    PHINode *Won =
        B.CreatePHI(B.getInt1Ty(), Merge->getNumIncomingValues(), "won");
    for (auto [Pred, V] : zip(Merge->blocks(), Merge->incoming_values()))
      Won->addIncoming(B.getInt1(V != P.Carried), Pred);
    return Won;
  }
  if (P.Next->getOperand(0) == P.Offered)
    return B.CreateFCmpOEQ(P.Next, P.Offered, "won");
  return B.CreateFCmpUNE(P.Next, P.Carried, "won");
}

/// Won ? this iteration : the winner so far; as seen after the loop.
static Value *emitWinner(Loop &L, LoopFacts &Facts) {
  BasicBlock *Header = L.getHeader(), *Latch = L.getLoopLatch();
  BasicBlock *Exit = L.getExitBlock();
  IRBuilder<> B(Header, Header->begin());
  PHINode *SoFar = B.CreatePHI(B.getInt64Ty(), 2, "winner");
  B.SetInsertPoint(Latch->getTerminator());
  Value *Next =
      B.CreateSelect(Facts.Won, Facts.Iteration, SoFar, "winner.next");
  SoFar->addIncoming(B.getInt64(-1), L.getLoopPreheader());
  SoFar->addIncoming(Next, Latch);
  B.SetInsertPoint(Exit, Exit->begin());
  PHINode *Winner = B.CreatePHI(B.getInt64Ty(), 1, "winner");
  Winner->addIncoming(Next, Latch);
  return Winner;
}

void findWinners(FlowFacts &Flow, const ActivityFacts &Facts) {
  WinnerFinder Finder(Flow, Facts);
  for (auto &[L, LoopFacts] : Flow.loops()) {
    SmallVector<Pick, 1> Picks;
    if (!Finder.hasSimpleFlow(*L) || !Finder.findPicks(*L, Picks) ||
        !Finder.handsOnNothingElse(*L, Picks))
      continue;
    LoopFacts.Picks = Picks;
    if (isSearchable(*L, Picks.front())) {
      LoopFacts.Winner = placeholderForSearch(*L);
      continue;
    }
    LoopFacts.Won = emitWon(Picks.front(), *L);
    LoopFacts.Winner = emitWinner(*L, LoopFacts);
  }
}

} // namespace tern
