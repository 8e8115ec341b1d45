// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PoisonLanes.h"
#include "llvm/ADT/APInt.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

static bool isFloatVector(const Value &V) {
  return isa<FixedVectorType>(V.getType()) && V.getType()->isFPOrFPVectorTy();
}

static unsigned lanesOf(const Value &V) {
  return cast<FixedVectorType>(V.getType())->getNumElements();
}

/// Shuffles of shuffles that are followed; beyond, lanes count as empty.
static constexpr unsigned MaxShuffles = 8;

/// A bit for each lane of V that is empty.
static APInt poisonLanes(const Value &V, unsigned Shuffles = 0) {
  unsigned Count = lanesOf(V);
  if (isa<UndefValue>(V) || Shuffles == MaxShuffles)
    return APInt::getAllOnes(Count);
  APInt Empty = APInt::getZero(Count);
  if (const auto *C = dyn_cast<Constant>(&V)) {
    for (unsigned I = 0; I != Count; ++I)
      if (const Constant *Element = C->getAggregateElement(I))
        Empty.setBitVal(I, isa<UndefValue>(Element));
    return Empty;
  }
  if (const auto *Insert = dyn_cast<InsertElementInst>(&V)) {
    Empty = poisonLanes(*Insert->getOperand(0), Shuffles);
    const auto *Lane = dyn_cast<ConstantInt>(Insert->getOperand(2));
    if (Lane && Lane->getValue().ult(Count))
      Empty.setBitVal(Lane->getZExtValue(),
                      isa<UndefValue>(Insert->getOperand(1)));
    return Empty;
  }
  const auto *Shuffle = dyn_cast<ShuffleVectorInst>(&V);
  if (!Shuffle || !isa<FixedVectorType>(Shuffle->getOperand(0)->getType()))
    return Empty;
  APInt First = poisonLanes(*Shuffle->getOperand(0), Shuffles + 1);
  APInt Second = poisonLanes(*Shuffle->getOperand(1), Shuffles + 1);
  unsigned Width = First.getBitWidth();
  for (unsigned I = 0; I != Count; ++I) {
    int From = Shuffle->getMaskValue(I);
    Empty.setBitVal(
        I, From < 0 ||
               (unsigned(From) < Width ? First[From] : Second[From - Width]));
  }
  return Empty;
}

static bool onlyMovesLanes(const Instruction &I) {
  return isa<InsertElementInst, ExtractElementInst, ShuffleVectorInst>(I);
}

bool computesOnPoisonLanes(Function &F) {
  for (const Instruction &I : instructions(F)) {
    if (onlyMovesLanes(I))
      continue;
    for (const Value *Operand : I.operands())
      if (isFloatVector(*Operand) && !poisonLanes(*Operand).isZero())
        return true;
  }
  return false;
}

} // namespace tern
