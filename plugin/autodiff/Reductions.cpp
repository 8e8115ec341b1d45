// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Reductions.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

/// The two-operand intrinsic that the reduction repeats.
static Intrinsic::ID pairwise(Intrinsic::ID Reduction) {
  switch (Reduction) {
  case Intrinsic::vector_reduce_fmin:
    return Intrinsic::minnum;
  case Intrinsic::vector_reduce_fmax:
    return Intrinsic::maxnum;
  case Intrinsic::vector_reduce_fminimum:
    return Intrinsic::minimum;
  case Intrinsic::vector_reduce_fmaximum:
    return Intrinsic::maximum;
  default:
    return Intrinsic::not_intrinsic;
  }
}

static bool isExpanded(const IntrinsicInst &I) {
  bool IsProduct = I.getIntrinsicID() == Intrinsic::vector_reduce_fmul;
  if (!IsProduct && pairwise(I.getIntrinsicID()) == Intrinsic::not_intrinsic)
    return false;
  return isa<FixedVectorType>(I.getArgOperand(IsProduct)->getType());
}

static Value *expand(IntrinsicInst &I) {
  IRBuilder<> B(&I);
  B.setFastMathFlags(I.getFastMathFlags());
  bool IsProduct = I.getIntrinsicID() == Intrinsic::vector_reduce_fmul;
  Value *Vector = I.getArgOperand(IsProduct);
  Value *Result = IsProduct ? I.getArgOperand(0) : nullptr;
  unsigned Count = cast<FixedVectorType>(Vector->getType())->getNumElements();
  for (unsigned K = 0; K != Count; ++K) {
    Value *Element = B.CreateExtractElement(Vector, K);
    if (!Result)
      Result = Element;
    else if (IsProduct)
      Result = B.CreateFMul(Result, Element);
    else
      Result = B.CreateBinaryIntrinsic(pairwise(I.getIntrinsicID()), Result,
                                       Element);
  }
  return Result;
}

void expandReductions(Function &F) {
  SmallVector<IntrinsicInst *, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<IntrinsicInst>(&I); Call && isExpanded(*Call))
      Calls.push_back(Call);
  for (IntrinsicInst *Call : Calls) {
    Call->replaceAllUsesWith(expand(*Call));
    Call->eraseFromParent();
  }
}

} // namespace tern
