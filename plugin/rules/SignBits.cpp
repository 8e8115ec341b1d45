// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer tricks on the sign bit, said in floating point.
//
// Problem. Hand-written and already optimised code negates by xor, takes
// absolute values by and, and blends by masks. In that form a derivative would
// have to follow single bits.
//
// Idea. If one operand is a bitcast floating-point value x and what is known
// about the other one (S) says that it can touch nothing but the sign, or that
// it keeps or clears whole lanes, an equal floating-point operation exists.
// Its bits are cast back, so every user, integer or not, sees the same value.
//
//   %b = bitcast double %x to i64       %n = fneg double %x
//   %r = xor i64 %b, sign          ->   %r = bitcast double %n to i64
//
//   xor x, sign -> fneg x                xor x, S -> S < 0 ? fneg x : x
//   and x, ~sign -> fabs x               and x, sext(c) -> c ? x : 0
//   or  x, sign -> fneg(fabs x)          or |x|, y & sign -> copysign(x, y)
//   xor x, y & sign -> x * copysign(1, y)   y & sign -> copysign(0, y)
//   and x, ~sext(c) -> c ? 0 : x         or c ? x : 0, c ? 0 : y -> c ? x : y
//
// Blocks are visited in order, so that the second step of a copysign finds the
// first one rewritten.
#include "rules/SignBits.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

namespace {
class SignRewrite {
public:
  explicit SignRewrite(BinaryOperator &Op)
      : Op(Op), B(&Op), Layout(Op.getModule()->getDataLayout()),
        Bits(Op.getType()->getScalarSizeInBits()),
        Sign(APInt::getSignMask(Bits)) {}

  /// The floating-point value with the same bits as the operation, or null.
  Value *build();

private:
  Value *build(Value *X, Value *S);
  Value *flip(Value *X, Value *S);
  Value *keep(Value *X, Value *S);
  Value *set(Value *X, Value *S);
  Value *blend();
  bool touchesSignOnly(Value *S) { return MaskedValueIsZero(S, ~Sign, Layout); }
  Value *signOf(Value *S) { // y where S = bits(y) & sign
    Value *Y = nullptr;
    return match(S, m_c_And(m_BitCast(m_Value(Y)), m_SpecificInt(Sign))) &&
                   isSameShape(Y)
               ? Y
               : nullptr;
  }
  bool isSameShape(Value *X) const {
    Type *Ty = X->getType();
    return Ty->isFPOrFPVectorTy() && Ty->getScalarSizeInBits() == Bits &&
           Ty->isVectorTy() == Op.getType()->isVectorTy();
  }
  Value *isNegative(Value *S) {
    return B.CreateICmpSLT(S, Constant::getNullValue(S->getType()));
  }

  BinaryOperator &Op;
  IRBuilder<> B;
  const DataLayout &Layout;
  unsigned Bits;
  APInt Sign;
};
} // namespace

/// Lanes kept under a condition: Condition ? IfTrue : IfFalse, where one of the
/// two is zero (null here).
namespace {
struct MaskedLanes {
  Value *Condition = nullptr, *IfTrue = nullptr, *IfFalse = nullptr;
};
} // namespace

static bool isMask(Value *Condition) {
  return Condition->getType()->isIntOrIntVectorTy(1);
}

static MaskedLanes findMaskedLanes(Value *V) {
  Value *C = nullptr, *X = nullptr;
  if (match(V, m_c_And(m_Not(m_SExt(m_Value(C))), m_Value(X))) && isMask(C))
    return {C, nullptr, X};
  if (match(V, m_c_And(m_SExt(m_Value(C)), m_Value(X))) && isMask(C))
    return {C, X, nullptr};
  match(V, m_BitCast(m_Value(V)));
  // +0 only: the bits of -0.0 would leave a sign behind.
  if (match(V, m_Select(m_Value(C), m_Value(X), m_PosZeroFP())) ||
      match(V, m_Select(m_Value(C), m_Value(X), m_Zero())))
    return {C, X, nullptr};
  if (match(V, m_Select(m_Value(C), m_PosZeroFP(), m_Value(X))) ||
      match(V, m_Select(m_Value(C), m_Zero(), m_Value(X))))
    return {C, nullptr, X};
  return {};
}

/// Two values that are masked by a condition and its opposite.
Value *SignRewrite::blend() {
  MaskedLanes A = findMaskedLanes(Op.getOperand(0));
  MaskedLanes C = findMaskedLanes(Op.getOperand(1));
  if (!A.Condition || A.Condition != C.Condition || !A.IfTrue == !C.IfTrue)
    return nullptr;
  Value *X = A.IfTrue ? A.IfTrue : C.IfTrue;
  Value *Y = A.IfTrue ? C.IfFalse : A.IfFalse;
  match(X, m_BitCast(m_Value(X)));
  match(Y, m_BitCast(m_Value(Y)));
  Type *Ty = isSameShape(X) ? X->getType() : Y->getType();
  if (!isSameShape(X) && !isSameShape(Y))
    return nullptr;
  if (X->getType() != Ty)
    X = B.CreateBitCast(X, Ty);
  if (Y->getType() != Ty)
    Y = B.CreateBitCast(Y, Ty);
  return B.CreateSelect(A.Condition, X, Y);
}

Value *SignRewrite::build() {
  if (Op.getOpcode() == Instruction::Or)
    if (Value *Result = blend())
      return Result;
  for (unsigned N : {0, 1}) {
    Value *X = nullptr;
    if (!match(Op.getOperand(N), m_BitCast(m_Value(X))) || !isSameShape(X))
      continue;
    if (Value *Result = build(X, Op.getOperand(1 - N)))
      return Result;
  }
  return nullptr;
}

Value *SignRewrite::build(Value *X, Value *S) {
  switch (Op.getOpcode()) {
  case Instruction::Xor:
    return flip(X, S);
  case Instruction::And:
    return keep(X, S);
  case Instruction::Or:
    return set(X, S);
  default:
    return nullptr;
  }
}

Value *SignRewrite::flip(Value *X, Value *S) {
  if (match(S, m_SpecificInt(Sign)))
    return B.CreateFNeg(X);
  if (Value *Y = signOf(S); Y && Y->getType() == X->getType())
    return B.CreateFMul(
        X, B.CreateCopySign(ConstantFP::get(X->getType(), 1.0), Y));
  if (touchesSignOnly(S))
    return B.CreateSelect(isNegative(S), B.CreateFNeg(X), X);
  return nullptr;
}

Value *SignRewrite::keep(Value *X, Value *S) {
  if (match(S, m_SpecificInt(~Sign)))
    return B.CreateUnaryIntrinsic(Intrinsic::fabs, X);
  Value *Condition = nullptr;
  Constant *Zero = Constant::getNullValue(X->getType());
  if (match(S, m_SExt(m_Value(Condition))) &&
      Condition->getType()->isIntOrIntVectorTy(1))
    return B.CreateSelect(Condition, X, Zero);
  if (match(S, m_Not(m_SExt(m_Value(Condition)))) &&
      Condition->getType()->isIntOrIntVectorTy(1))
    return B.CreateSelect(Condition, Zero, X);
  bool IsLaneMask = isa<Constant>(S) && S->getType()->isVectorTy() &&
                    ComputeNumSignBits(S, Layout) == Bits;
  return IsLaneMask ? B.CreateSelect(isNegative(S), X, Zero) : nullptr;
}

Value *SignRewrite::set(Value *X, Value *S) {
  if (match(S, m_SpecificInt(Sign)))
    return B.CreateFNeg(B.CreateUnaryIntrinsic(Intrinsic::fabs, X));
  if (!match(X, m_FAbs(m_Value())))
    return nullptr;
  if (Value *Y = signOf(S); Y && Y->getType() == X->getType())
    return B.CreateCopySign(X, Y);
  if (touchesSignOnly(S))
    return B.CreateSelect(isNegative(S), B.CreateFNeg(X), X);
  return nullptr;
}

/// What is left over may be dead: the bits of x where nobody else wants them.
static void replaceBits(BinaryOperator &Op, Value *Result) {
  IRBuilder<> B(&Op);
  Op.replaceAllUsesWith(B.CreateBitCast(Result, Op.getType()));
  RecursivelyDeleteTriviallyDeadInstructions(&Op);
}

/// bitcast (bitcast x) to x's type, which the rewriting leaves behind; and a
/// sign alone that becomes a number: 0 or -0.
static void foldCastBack(BitCastInst &Cast) {
  Value *X = nullptr;
  Type *Ty = Cast.getType();
  if (match(&Cast, m_BitCast(m_BitCast(m_Value(X)))) && X->getType() == Ty)
    Cast.replaceAllUsesWith(X);
  else if (match(&Cast,
                 m_BitCast(m_And(m_BitCast(m_Value(X)), m_SignMask()))) &&
           X->getType() == Ty && Ty->isFPOrFPVectorTy())
    Cast.replaceAllUsesWith(
        IRBuilder<>(&Cast).CreateCopySign(Constant::getNullValue(Ty), X));
}

void rewriteSignBits(Function &F) {
  SmallVector<WeakTrackingVH, 16> Ops;
  for (BasicBlock *Block : ReversePostOrderTraversal<Function *>(&F))
    for (Instruction &I : *Block)
      if (isa<BinaryOperator, BitCastInst>(I))
        Ops.push_back(&I);
  for (WeakTrackingVH &Handle : Ops) {
    Value *V = Handle;
    if (auto *Op = dyn_cast_or_null<BinaryOperator>(V)) {
      if (Op->getType()->isIntOrIntVectorTy() && Op->isBitwiseLogicOp())
        if (Value *Result = SignRewrite(*Op).build())
          replaceBits(*Op, Result);
    } else if (auto *Cast = dyn_cast_or_null<BitCastInst>(V)) {
      foldCastBack(*Cast);
    }
  }
}

} // namespace tern
