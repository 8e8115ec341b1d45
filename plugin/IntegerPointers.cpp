// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IntegerPointers.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// The ptrtoint that X is computed from; null if there is none or several.
static PtrToIntInst *originOf(Value *X, unsigned Depth) {
  if (auto *Origin = dyn_cast<PtrToIntInst>(X))
    return Origin;
  auto *Op = dyn_cast<BinaryOperator>(X);
  if (!Op || Depth == 0)
    return nullptr;
  PtrToIntInst *Left = originOf(Op->getOperand(0), Depth - 1);
  PtrToIntInst *Right = originOf(Op->getOperand(1), Depth - 1);
  switch (Op->getOpcode()) {
  case Instruction::Add:
  case Instruction::Or:
  case Instruction::And:
    return Left && Right ? nullptr : Left ? Left : Right;
  case Instruction::Sub:
    return Right ? nullptr : Left;
  default:
    return nullptr;
  }
}

void restorePointers(Function &F) {
  constexpr unsigned MaxDepth = 8;
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Cast = dyn_cast<IntToPtrInst>(&I);
    PtrToIntInst *Origin =
        Cast ? originOf(Cast->getOperand(0), MaxDepth) : nullptr;
    if (!Origin || Origin->getType() != Cast->getOperand(0)->getType() ||
        Origin->getPointerOperand()->getType() != Cast->getType())
      continue;
    IRBuilder<> B(Cast);
    Value *Offset = B.CreateSub(Cast->getOperand(0), Origin);
    Cast->replaceAllUsesWith(
        B.CreatePtrAdd(Origin->getPointerOperand(), Offset));
    Cast->eraseFromParent();
  }
}

} // namespace tern
