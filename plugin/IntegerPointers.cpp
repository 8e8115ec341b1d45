// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IntegerPointers.h"
#include "analysis/Objects.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

namespace {
/// What of pointers is in an integer.
struct Origin {
  PtrToIntInst *Pointer = nullptr; ///< an address in what this points into
  bool IsDoubtful = false;         ///< parts of several, or nobody knows
};
} // namespace

static constexpr Origin Doubtful{nullptr, true};

/// Of the difference of two addresses: an offset if both point into one object.
static Origin difference(const Origin &Left, const Origin &Right) {
  if (!Right.Pointer)
    return Left;
  if (!Left.Pointer)
    return Doubtful;
  Objects From = objectsOf(Left.Pointer->getPointerOperand());
  Objects To = objectsOf(Right.Pointer->getPointerOperand());
  return From.size() == 1 && From == To ? Origin() : Doubtful;
}

/// Of an address under a mask: the lowest bits are an offset; what keeps all
/// bits that tell one object from another is the address rounded, or without a
/// tag.
static Origin masked(const Origin &X, const Value *Mask) {
  constexpr unsigned PageBits = 12, AddressBits = 47;
  const auto *Bits = dyn_cast<ConstantInt>(Mask);
  if (!X.Pointer || !Bits || Bits->getBitWidth() < AddressBits)
    return X.Pointer ? Doubtful : X;
  if (Bits->getValue().getActiveBits() <= PageBits)
    return {};
  APInt Telling = APInt::getBitsSet(Bits->getBitWidth(), PageBits, AddressBits);
  return Telling.isSubsetOf(Bits->getValue()) ? X : Doubtful;
}

static Origin originOf(Value *X, unsigned Depth) {
  if (auto *Cast = dyn_cast<PtrToIntInst>(X))
    return {Cast, false};
  auto *Op = dyn_cast<BinaryOperator>(X);
  if (!Op)
    return {};
  if (Depth == 0)
    return Doubtful;
  Origin Left = originOf(Op->getOperand(0), Depth - 1);
  Origin Right = originOf(Op->getOperand(1), Depth - 1);
  if (Left.IsDoubtful || Right.IsDoubtful)
    return Doubtful;
  if (!Left.Pointer && !Right.Pointer)
    return {};
  switch (Op->getOpcode()) {
  case Instruction::Add:
  case Instruction::Or:
    return !Right.Pointer ? Left : !Left.Pointer ? Right : Doubtful;
  case Instruction::And:
    return Right.Pointer ? Doubtful : masked(Left, Op->getOperand(1));
  case Instruction::Sub:
    return difference(Left, Right);
  case Instruction::URem: // how far from a multiple
    return Right.Pointer ? Doubtful : Origin();
  default:
    return Doubtful;
  }
}

void restorePointers(Function &F) {
  constexpr unsigned MaxDepth = 8;
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Cast = dyn_cast<IntToPtrInst>(&I);
    PtrToIntInst *From =
        Cast ? originOf(Cast->getOperand(0), MaxDepth).Pointer : nullptr;
    if (!From || From->getType() != Cast->getOperand(0)->getType() ||
        From->getPointerOperand()->getType() != Cast->getType())
      continue;
    IRBuilder<> B(Cast);
    Value *Offset = B.CreateSub(Cast->getOperand(0), From);
    Cast->replaceAllUsesWith(B.CreatePtrAdd(From->getPointerOperand(), Offset));
    Cast->eraseFromParent();
  }
}

} // namespace tern
