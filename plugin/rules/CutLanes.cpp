// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lanes that are moved as integers.
//
// Problem. Where a wide vector is stored and parts of it are loaded, the
// optimiser hands the bits on as integers of the part's size. What carries a
// derivative must not pass through integers.
//
//   %w = bitcast <8 x double> %v to <4 x i128>
//   %p = extractelement <4 x i128> %w, i64 2
//   %r = bitcast i128 %p to <2 x double>
//     -> %r = shufflevector <8 x double> %v, poison, <4, 5>
//
//   %w = bitcast <2 x double> %v to i128
//   %r = bitcast (trunc (lshr %w, 64) to i64) to double
//     -> %r = extractelement <2 x double> %v, 1
//
// Holds on entry and exit: the same bits, on little-endian targets; others are
// left alone.
#include "rules/CutLanes.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"
#include <numeric>

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

namespace {
/// Bits of a vector from some place on.
struct Cut {
  Value *Whole = nullptr;
  uint64_t FirstBit = 0;
};
} // namespace

static Cut cutBehind(Value *Piece) {
  Value *Whole = nullptr;
  uint64_t Index = 0;
  const APInt *Shift = nullptr;
  if (match(Piece,
            m_ExtractElt(m_BitCast(m_Value(Whole)), m_ConstantInt(Index))))
    return {Whole, Index * Piece->getType()->getScalarSizeInBits()};
  if (match(Piece, m_Trunc(m_LShr(m_BitCast(m_Value(Whole)), m_APInt(Shift)))))
    return {Whole, Shift->getLimitedValue()};
  if (match(Piece, m_Trunc(m_BitCast(m_Value(Whole)))))
    return {Whole, 0};
  return {};
}

/// The lanes that Cast brings back to light; null if it is something else.
static Value *lanesOf(BitCastInst &Cast) {
  Type *Result = Cast.getType(), *Element = Result->getScalarType();
  Cut C = cutBehind(Cast.getOperand(0));
  auto *From =
      C.Whole ? dyn_cast<FixedVectorType>(C.Whole->getType()) : nullptr;
  if (!From || From->getElementType() != Element ||
      !Element->isFloatingPointTy() || isa<ScalableVectorType>(Result))
    return nullptr;
  uint64_t Unit = Element->getPrimitiveSizeInBits(), First = C.FirstBit / Unit,
           Count = Result->getPrimitiveSizeInBits() / Unit;
  if (C.FirstBit % Unit || First + Count > From->getNumElements())
    return nullptr;
  IRBuilder<> B(&Cast);
  if (!Result->isVectorTy())
    return B.CreateExtractElement(C.Whole, First);
  SmallVector<int, 8> Mask(Count);
  std::iota(Mask.begin(), Mask.end(), First);
  return B.CreateShuffleVector(C.Whole, Mask);
}

void rewriteCutLanes(Function &F) {
  if (F.getDataLayout().isBigEndian())
    return;
  SmallVector<WeakTrackingVH, 8> Casts;
  for (Instruction &I : instructions(F))
    if (isa<BitCastInst>(I))
      Casts.push_back(&I);
  for (WeakTrackingVH &Handle : Casts) {
    auto *Cast = dyn_cast_or_null<BitCastInst>(static_cast<Value *>(Handle));
    Value *Lanes = Cast ? lanesOf(*Cast) : nullptr;
    if (!Lanes)
      continue;
    Cast->replaceAllUsesWith(Lanes);
    RecursivelyDeleteTriviallyDeadInstructions(Cast);
  }
}

} // namespace tern
