// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WinnerSearch.h"
#include "Flow.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ValueMapper.h"
#include <limits>

using namespace llvm;

namespace tern {

/// What V is computed from in the loop, V included.
static SmallPtrSet<Instruction *, 16> sliceOf(ArrayRef<Value *> Wanted,
                                              const Loop &L) {
  SmallVector<Value *, 8> Work(Wanted);
  SmallPtrSet<Instruction *, 16> Slice;
  while (!Work.empty()) {
    auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (I && L.contains(I) && Slice.insert(I).second)
      Work.append(I->op_begin(), I->op_end());
  }
  return Slice;
}

static Value *endOf(const Loop &L) {
  return cast<BranchInst>(L.getLoopLatch()->getTerminator())->getCondition();
}

static bool isCheap(const Instruction &I) {
  if (const auto *Load = dyn_cast<LoadInst>(&I))
    return Load->isSimple();
  return isa<PHINode, GetElementPtrInst, CastInst, CmpInst>(I) ||
         (isa<BinaryOperator>(I) && I.getOpcode() != Instruction::FDiv &&
          I.getOpcode() != Instruction::FRem && !I.isIntDivRem());
}

bool isSearchable(const Loop &L, const Pick &P) {
  const auto *Extremum = dyn_cast<IntrinsicInst>(P.Next);
  if (!Extremum || !Extremum->hasNoNaNs() || L.getNumBlocks() != 1 ||
      any_of(*L.getHeader(),
             [](const Instruction &I) { return I.mayWriteToMemory(); }))
    return false;
  auto Slice = sliceOf({P.Offered, endOf(L)}, L);
  return !Slice.contains(P.Carried) &&
         all_of(Slice, [](const Instruction *I) { return isCheap(*I); });
}

Value *placeholderForSearch(Loop &L) {
  BasicBlock *Exit = L.getExitBlock();
  IRBuilder<> B(Exit, Exit->getFirstInsertionPt());
  return B.CreateFreeze(PoisonValue::get(B.getInt64Ty()), "winner");
}

namespace {

/// Copies the loop's block, as far as the search needs it, behind the loop.
class Search {
public:
  Search(Loop &L, LoopFacts &Facts)
      : L(L), Facts(Facts), P(Facts.Picks.front()), From(L.getHeader()),
        To(BasicBlock::Create(From->getContext(), "search", From->getParent(),
                              L.getExitBlock())),
        B(To) {}
  void build();

private:
  void copySlice();
  Value *emitBest();
  void enter();

  Loop &L;
  LoopFacts &Facts;
  const Pick P;
  BasicBlock *From, *To;
  IRBuilder<> B;
  ValueToValueMapTy Copies;
};

} // namespace

void Search::copySlice() {
  auto Slice = sliceOf({P.Offered, endOf(L), Facts.Iteration}, L);
  for (Instruction &I : *From)
    if (Slice.contains(&I)) {
      Instruction *Copy = I.clone();
      B.Insert(Copy, I.getName() + ".search");
      Copies[&I] = Copy;
    }
  for (Instruction &I : *To) {
    RemapInstruction(&I, Copies,
                     RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    if (auto *Phi = dyn_cast<PHINode>(&I)) {
      Phi->replaceIncomingBlockWith(From, To);
      Phi->replaceIncomingBlockWith(L.getLoopPreheader(), From);
    }
  }
}

/// The last equal iteration, or the first; -1 for none.
Value *Search::emitBest() {
  auto Copied = [&](Value *V) -> Value * {
    Value *Copy = Copies.lookup(V);
    return Copy ? Copy : V;
  };
  bool IsLast = P.Next->getOperand(0) == P.Offered;
  Value *None = B.getInt64(IsLast ? -1 : std::numeric_limits<int64_t>::max());
  PHINode *SoFar = PHINode::Create(B.getInt64Ty(), 2, "winner", To->begin());
  Value *IsEqual = B.CreateFCmpOEQ(Copied(P.Offered), P.Next, "equal");
  Value *Here = B.CreateSelect(IsEqual, Copied(Facts.Iteration), None);
  Value *Best = B.CreateBinaryIntrinsic(
      IsLast ? Intrinsic::smax : Intrinsic::smin, SoFar, Here, {}, "winner");
  SoFar->addIncoming(None, From);
  SoFar->addIncoming(Best, To);
  B.CreateCondBr(Copied(endOf(L)), To, To); // see enter()
  if (IsLast)
    return Best;
  B.SetInsertPoint(cast<Instruction>(Facts.Winner));
  Value *Start = P.Carried->getIncomingValueForBlock(L.getLoopPreheader());
  Value *StartWins = B.CreateFCmpOEQ(Start, P.Next);
  Value *IsNone = B.CreateOr(StartWins, B.CreateICmpEQ(Best, None));
  return B.CreateSelect(IsNone, B.getInt64(-1), Best, "winner");
}

/// loop -> exit becomes loop -> search -> exit.
void Search::enter() {
  BasicBlock *Exit = L.getExitBlock();
  auto *Branch = cast<BranchInst>(From->getTerminator());
  auto *Again = cast<BranchInst>(To->getTerminator());
  for (unsigned I : {0u, 1u})
    Again->setSuccessor(I, Branch->getSuccessor(I) == From ? To : Exit);
  Branch->replaceSuccessorWith(Exit, To);
  Exit->replacePhiUsesWith(From, To);
}

void Search::build() {
  copySlice();
  Value *Winner = emitBest();
  enter();
  auto *Placeholder = cast<Instruction>(Facts.Winner);
  Placeholder->replaceAllUsesWith(Winner);
  Placeholder->eraseFromParent();
  Facts.Winner = Winner;
}

void buildSearches(FlowFacts &Flow) {
  for (auto &[L, Facts] : Flow.loops())
    if (Facts.Winner && !Facts.Won)
      Search(*L, Facts).build();
}

} // namespace tern
