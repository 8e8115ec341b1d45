// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reverse of instructions that compute values from values.
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../rules/Rules.h"
#include "ReverseSweep.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ValueHandle.h"

using namespace llvm;

namespace tern {

void ReverseSweep::refuse(Instruction &I) {
  Failed = true;
  report(Diag::UnknownInstruction, I,
         {I.getOpcodeName(), readableName(G.getName())});
}

void ReverseSweep::addIfActive(Value *V, unsigned Lane, Value *X) {
  if (Facts.isActive(V))
    Adjoint.add(V, Lane, X, B);
}

void ReverseSweep::visit(Instruction &I) {
  if (auto *Call = dyn_cast<CallBase>(&I); Call && OwnCalls.contains(Call))
    return;
  checkBits(I);
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return visitStore(*Store);
  if (isa<MemTransferInst>(I))
    return visitCopy(I);
  if (isa<MemSetInst>(I))
    return visitFill(I);
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return visitLoad(*Load);
  if (auto *Call = dyn_cast<CallBase>(&I); Call && !findMathRule(I))
    return visitCall(*Call);
  if (auto *Return = dyn_cast<ReturnInst>(&I)) {
    (void)Return; // seeded by the caller
    return;
  }
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    return visitAtomic(*RMW);
  if (auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I)) {
    Value *New = Swap->getNewValOperand();
    if (Facts.hasShadow(Swap->getPointerOperand()) &&
        (!New->getType()->isIntegerTy() || Facts.carriesOpenBits(New)))
      refuse(I);
    return;
  }
  if (holdsFloat(I.getType()) && Facts.isActive(&I))
    visitActiveValue(I);
}

void ReverseSweep::visitActiveValue(Instruction &I) {
  if (const Pick *P = Flow.pickOf(I))
    return visitPick(*P);
  if (findMathRule(I))
    return visitMath(I);
  if (auto *Select = dyn_cast<SelectInst>(&I))
    return visitSelect(*Select);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    if (isa<ExtractElementInst, InsertElementInst, ShuffleVectorInst>(I))
      visitVector(I, Lane);
    else if (isa<ExtractValueInst, InsertValueInst>(I))
      visitAggregate(I, Lane);
    else if (isa<FreezeInst>(I))
      addIfActive(I.getOperand(0), Lane, Adjoint.take(&I, Lane, B));
    else if (isa<BitCastInst>(I) &&
             I.getOperand(0)->getType()->isFPOrFPVectorTy())
      addIfActive(I.getOperand(0), Lane,
                  B.CreateBitCast(Adjoint.take(&I, Lane, B),
                                  I.getOperand(0)->getType()));
    else
      return refuse(I);
  }
}

/// Functions that cost more than a value on the tape.
static bool isDear(const CallInst &Call) {
  switch (Call.getIntrinsicID()) {
  case Intrinsic::sin:
  case Intrinsic::cos:
  case Intrinsic::sinh:
  case Intrinsic::cosh:
  case Intrinsic::exp:
  case Intrinsic::log:
    return true;
  default:
    return false;
  }
}

/// The same call in the record sweep, made whenever `At` is reached, or null.
static CallInst *madeWith(CallInst &Call, Instruction &At,
                          const DominatorTree &DT) {
  Value *X = Call.getArgOperand(0);
  if (isa<Constant>(X))
    return nullptr;
  for (User *U : X->users()) {
    auto *Other = dyn_cast<CallInst>(U);
    // Blocks of the reverse sweep are not in the tree.
    if (Other && Other->isIdenticalTo(&Call) &&
        DT.getNode(Other->getParent()) && DT.getNode(At.getParent()) &&
        DT.dominates(Other->getParent(), At.getParent()))
      return Other;
  }
  return nullptr;
}

/// A rule that wants cos(x) takes the one that the primal computes. `Before` is
/// what stood last in the reverse block before I's rule was emitted.
void ReverseSweep::reuseCalls(Instruction &I, Instruction *Before) {
  BasicBlock &BB = *B.GetInsertBlock();
  auto Emitted = Before ? std::next(Before->getIterator()) : BB.begin();
  for (Instruction &New :
       make_early_inc_range(make_range(Emitted, B.GetInsertPoint()))) {
    auto *Call = dyn_cast<CallInst>(&New);
    CallInst *Made =
        Call && isDear(*Call) ? madeWith(*Call, I, Flow.DT) : nullptr;
    if (!Made)
      continue;
    Call->replaceAllUsesWith(Made);
    Call->eraseFromParent();
  }
}

/// A select on the way to what is asked for may pass I over. Then nothing says
/// that what I is computed from was finite, or there at all: the branch that
/// became the select did not look at it.
static bool mayBePassedOver(const Instruction &I) {
  constexpr size_t Patience = 16;
  SmallSetVector<const Instruction *, 16> Work;
  Work.insert(&I);
  for (unsigned K = 0; K != Work.size(); ++K)
    for (const Use &U : Work[K]->uses()) {
      const auto *User = cast<Instruction>(U.getUser());
      if (isa<SelectInst>(User) && U.getOperandNo() != 0)
        return true;
      if (holdsFloat(User->getType()) && !isa<PHINode>(User))
        Work.insert(User);
      if (Work.size() > Patience)
        return true;
    }
  return false;
}

/// No adjoint gives none, whatever the partial.
static Value *zeroWithoutAdjoint(Value *X, Value *A, const Instruction &I,
                                 IRBuilderBase &B) {
  bool IsFinite = isa<FPMathOperator>(I) && I.hasNoNaNs() && I.hasNoInfs();
  if (IsFinite || X == A || isa<Constant>(X) || isa<Constant>(A) ||
      !A->getType()->isFPOrFPVectorTy() ||
      A->getType()->isVectorTy() != X->getType()->isVectorTy())
    return X;
  Value *IsNone =
      B.CreateFCmpOEQ(A, Constant::getNullValue(A->getType()), "none");
  return B.CreateSelect(IsNone, Constant::getNullValue(X->getType()), X);
}

void ReverseSweep::visitMath(Instruction &I) {
  const MathRule *Rule = findMathRule(I);
  const bool IsPassedOver = mayBePassedOver(I);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *A = Adjoint.take(&I, Lane, B);
    unsigned Count =
        isa<CallBase>(I) ? cast<CallBase>(I).arg_size() : I.getNumOperands();
    for (unsigned Op = 0; Op != Count; ++Op) {
      Value *Operand = I.getOperand(Op);
      if (!Facts.isActive(Operand) || !hasPartial(*Rule, Op))
        continue;
      BasicBlock *BB = B.GetInsertBlock();
      Instruction *Before = BB->empty() ? nullptr : &BB->back();
      WeakTrackingVH X(pullAdjoint(*Rule, I, Op, A, B));
      reuseCalls(I, Before);
      IRBuilderBase::FastMathFlagGuard Guard(B);
      if (isa<FPMathOperator>(I))
        B.setFastMathFlags(I.getFastMathFlags());
      if (IsPassedOver)
        X = zeroWithoutAdjoint(X, A, I, B);
      Adjoint.add(Operand, Lane, X, B);
    }
  }
}

void ReverseSweep::visitSelect(SelectInst &I) {
  Constant *Zero = Adjoints::zero(I.getType());
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *A = Adjoint.take(&I, Lane, B);
    if (Facts.isActive(I.getTrueValue()))
      Adjoint.add(I.getTrueValue(), Lane,
                  B.CreateSelect(I.getCondition(), A, Zero), B);
    if (Facts.isActive(I.getFalseValue()))
      Adjoint.add(I.getFalseValue(), Lane,
                  B.CreateSelect(I.getCondition(), Zero, A), B);
  }
}

/// The reverse sweep is in the iteration that won.
void ReverseSweep::visitPick(const Pick &P) {
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    addIfActive(P.Offered, Lane, Adjoint.take(P.Next, Lane, B));
}

void ReverseSweep::visitVector(Instruction &I, unsigned Lane) {
  Value *A = Adjoint.take(&I, Lane, B);
  if (auto *Extract = dyn_cast<ExtractElementInst>(&I)) {
    Value *Vector = Extract->getVectorOperand();
    Value *X = B.CreateInsertElement(Adjoints::zero(Vector->getType()), A,
                                     Extract->getIndexOperand());
    return addIfActive(Vector, Lane, X);
  }
  if (auto *Insert = dyn_cast<InsertElementInst>(&I)) {
    Value *Index = Insert->getOperand(2);
    Value *Element = Insert->getOperand(1);
    addIfActive(Element, Lane, B.CreateExtractElement(A, Index));
    return addIfActive(
        Insert->getOperand(0), Lane,
        B.CreateInsertElement(A, Adjoints::zero(Element->getType()), Index));
  }
  visitShuffle(cast<ShuffleVectorInst>(I), A, Lane);
}

void ReverseSweep::visitShuffle(ShuffleVectorInst &I, Value *A, unsigned Lane) {
  auto *Source = dyn_cast<FixedVectorType>(I.getOperand(0)->getType());
  if (!Source)
    return refuse(I);
  int Width = Source->getNumElements();
  Value *Sums[2] = {Adjoints::zero(Source), Adjoints::zero(Source)};
  for (auto [To, From] : enumerate(I.getShuffleMask())) {
    if (From < 0)
      continue;
    Value *&Sum = Sums[From / Width];
    uint64_t At = From % Width;
    Value *X = B.CreateFAdd(B.CreateExtractElement(Sum, At),
                            B.CreateExtractElement(A, uint64_t(To)));
    Sum = B.CreateInsertElement(Sum, X, At);
  }
  addIfActive(I.getOperand(0), Lane, Sums[0]);
  addIfActive(I.getOperand(1), Lane, Sums[1]);
}

void ReverseSweep::visitAggregate(Instruction &I, unsigned Lane) {
  if (auto *Extract = dyn_cast<ExtractValueInst>(&I)) {
    Value *A = Adjoint.take(&I, Lane, B);
    Value *Aggregate = Extract->getAggregateOperand();
    if (Facts.isActive(Aggregate))
      Adjoint.addAt(Aggregate, Extract->getIndices(), Lane, A, B);
    return;
  }
  auto &Insert = cast<InsertValueInst>(I);
  Value *A = Adjoint.take(&I, Lane, B);
  Value *Element = Insert.getInsertedValueOperand();
  if (holdsFloat(Element->getType()))
    addIfActive(Element, Lane, B.CreateExtractValue(A, Insert.getIndices()));
  if (Facts.isActive(Insert.getAggregateOperand()))
    Adjoint.add(Insert.getAggregateOperand(), Lane,
                B.CreateInsertValue(A, Adjoints::zero(Element->getType()),
                                    Insert.getIndices()),
                B);
}

/// r = start + sum of the elements
void ReverseSweep::visitReduction(CallBase &I, unsigned Lane) {
  Value *A = Adjoint.take(&I, Lane, B);
  addIfActive(I.getArgOperand(0), Lane, A);
  auto *T = cast<VectorType>(I.getArgOperand(1)->getType());
  addIfActive(I.getArgOperand(1), Lane,
              B.CreateVectorSplat(T->getElementCount(), A));
}

//===-- Bits --------------------------------------------------------------===//

/// Follows integer bits of an active float. (A piece, such as a byte, may also
/// be kept as the integer that it is there: part of a hash, say.) They may be
/// looked at (compared, converted); put back into a float or into active memory
/// they would carry a derivative that nobody tracks.
static Instruction *carriesBits(Instruction &Origin,
                                const ActivityFacts &Facts) {
  SmallVector<Instruction *, 8> Work = {&Origin};
  SmallPtrSet<Instruction *, 8> Seen;
  bool IsPiece = Origin.getType()->getScalarSizeInBits() < 16;
  while (!Work.empty()) {
    Instruction *I = Work.pop_back_val();
    if (!Seen.insert(I).second)
      continue;
    for (User *U : I->users()) {
      auto *Use = cast<Instruction>(U);
      if (auto *Store = dyn_cast<StoreInst>(Use)) {
        if (Store->getValueOperand() == I &&
            Facts.hasShadow(Store->getPointerOperand()) &&
            !(IsPiece && bitsOf(*Store) != "unknown"))
          return Use;
        continue;
      }
      bool ToFloat = isa<BitCastInst>(Use) && holdsFloat(Use->getType());
      if (ToFloat || isa<IntToPtrInst>(Use))
        return Use;
      if (auto *Call = dyn_cast<CallBase>(Use);
          Call && !isa<IntrinsicInst>(Use))
        if (classify(*Call) == CallKind::Body ||
            classify(*Call) == CallKind::Indirect)
          return Use;
      if (!isa<CmpInst, BranchInst, SwitchInst, SIToFPInst, UIToFPInst,
               GetElementPtrInst, LoadInst>(Use))
        Work.push_back(Use);
    }
  }
  return nullptr;
}

void ReverseSweep::checkBits(Instruction &I) {
  Type *T = I.getType();
  if (!T->isIntOrIntVectorTy())
    return;
  bool FromFloat = isa<BitCastInst>(I) && Facts.isActive(I.getOperand(0));
  bool FromMemory = isa<LoadInst>(I) && bitsOf(I) == "unknown" &&
                    Facts.hasShadow(cast<LoadInst>(I).getPointerOperand());
  if (!FromFloat && !FromMemory)
    return;
  Instruction *Sink = carriesBits(I, Facts);
  if (!Sink)
    return;
  Failed = true;
  if (FromFloat)
    report(Diag::ActiveBits, *Sink, {readableName(G.getName())});
  else
    report(Diag::AmbiguousType, I,
           {std::to_string(T->getPrimitiveSizeInBits() / 8),
            readableName(G.getName())});
}

} // namespace tern
