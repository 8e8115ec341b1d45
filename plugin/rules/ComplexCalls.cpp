// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexCalls.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

namespace {

struct Complex {
  Value *Re, *Im;
};

/// Real arithmetic at one place; names are those of the C functions for double.
struct Real {
  IRBuilderBase &B;

  Value *unary(Intrinsic::ID ID, Value *X) {
    return B.CreateUnaryIntrinsic(ID, X);
  }
  Value *call(StringRef Name, ArrayRef<Value *> Args) {
    Type *T = Args[0]->getType();
    std::string Symbol = (Name + (T->isFloatTy() ? "f" : "")).str();
    SmallVector<Type *, 2> Params(Args.size(), T);
    Module &M = *B.GetInsertBlock()->getModule();
    return B.CreateCall(
        M.getOrInsertFunction(Symbol, FunctionType::get(T, Params, false)),
        Args);
  }
  Value *half(Value *X) {
    return B.CreateFMul(X, ConstantFP::get(X->getType(), 0.5));
  }
  Value *copySign(Value *X, Value *Sign) {
    return B.CreateBinaryIntrinsic(Intrinsic::copysign, X, Sign);
  }

  Complex multiply(Complex X, Complex Y) {
    return {B.CreateFSub(B.CreateFMul(X.Re, Y.Re), B.CreateFMul(X.Im, Y.Im)),
            B.CreateFAdd(B.CreateFMul(X.Re, Y.Im), B.CreateFMul(X.Im, Y.Re))};
  }
  /// With the larger part of the divisor as the scale.
  Complex divide(Complex X, Complex Y) {
    Value *ByReal = B.CreateFCmpOGE(unary(Intrinsic::fabs, Y.Re),
                                    unary(Intrinsic::fabs, Y.Im));
    Value *Large = B.CreateSelect(ByReal, Y.Re, Y.Im);
    Value *Small = B.CreateSelect(ByReal, Y.Im, Y.Re);
    Value *First = B.CreateSelect(ByReal, X.Re, X.Im);
    Value *Second = B.CreateSelect(ByReal, X.Im, X.Re);
    Value *Ratio = B.CreateFDiv(Small, Large);
    Value *Scale = B.CreateFAdd(Large, B.CreateFMul(Small, Ratio));
    Value *Re = B.CreateFAdd(First, B.CreateFMul(Second, Ratio));
    Value *Im = B.CreateFSub(Second, B.CreateFMul(First, Ratio));
    Im = B.CreateSelect(ByReal, Im, B.CreateFNeg(Im));
    return {B.CreateFDiv(Re, Scale), B.CreateFDiv(Im, Scale)};
  }
  Complex exponential(Complex X) {
    Value *Size = unary(Intrinsic::exp, X.Re);
    return {B.CreateFMul(Size, unary(Intrinsic::cos, X.Im)),
            B.CreateFMul(Size, unary(Intrinsic::sin, X.Im))};
  }
  Complex logarithm(Complex X) {
    return {unary(Intrinsic::log, call("hypot", {X.Re, X.Im})),
            call("atan2", {X.Im, X.Re})};
  }
  Complex squareRoot(Complex X) {
    Value *Size =
        B.CreateFAdd(call("hypot", {X.Re, X.Im}), unary(Intrinsic::fabs, X.Re));
    Value *Large = unary(Intrinsic::sqrt, half(Size));
    Value *Small = half(B.CreateFDiv(unary(Intrinsic::fabs, X.Im), Large));
    Value *Zero = ConstantFP::getZero(Large->getType());
    Small = B.CreateSelect(B.CreateFCmpOEQ(Large, Zero), Zero, Small);
    Value *Right = B.CreateFCmpOGE(X.Re, Zero);
    return {B.CreateSelect(Right, Large, Small),
            copySign(B.CreateSelect(Right, Small, Large), X.Im)};
  }
  Complex sine(Complex X) {
    return {B.CreateFMul(unary(Intrinsic::sin, X.Re), call("cosh", {X.Im})),
            B.CreateFMul(unary(Intrinsic::cos, X.Re), call("sinh", {X.Im}))};
  }
  Complex cosine(Complex X) {
    Value *Im = B.CreateFMul(unary(Intrinsic::sin, X.Re), call("sinh", {X.Im}));
    return {B.CreateFMul(unary(Intrinsic::cos, X.Re), call("cosh", {X.Im})),
            B.CreateFNeg(Im)};
  }
};

} // namespace

/// The complex arguments: two scalars each, or a vector of two.
static SmallVector<Complex, 2> operandsOf(CallBase &Call, IRBuilderBase &B) {
  SmallVector<Value *, 4> Parts;
  for (Value *Arg : Call.args()) {
    Type *T = Arg->getType();
    if (T->isFloatTy() || T->isDoubleTy()) {
      Parts.push_back(Arg);
    } else if (auto *V = dyn_cast<FixedVectorType>(T);
               V && V->getNumElements() == 2 &&
               V->getElementType()->isFloatTy()) {
      Parts.push_back(B.CreateExtractElement(Arg, uint64_t(0)));
      Parts.push_back(B.CreateExtractElement(Arg, uint64_t(1)));
    } else {
      return {};
    }
  }
  SmallVector<Complex, 2> Operands;
  for (unsigned K = 0; K + 1 < Parts.size(); K += 2)
    Operands.push_back({Parts[K], Parts[K + 1]});
  return Operands;
}

static Value *assemble(Complex Z, Type *T, IRBuilderBase &B) {
  Value *Whole = PoisonValue::get(T);
  if (T->isVectorTy()) {
    Whole = B.CreateInsertElement(Whole, Z.Re, uint64_t(0));
    return B.CreateInsertElement(Whole, Z.Im, uint64_t(1));
  }
  return B.CreateInsertValue(B.CreateInsertValue(Whole, Z.Re, 0), Z.Im, 1);
}

static bool holdsComplex(Type *T, Type *Part) {
  if (auto *S = dyn_cast<StructType>(T))
    return S->getNumElements() == 2 && S->getElementType(0) == Part &&
           S->getElementType(1) == Part;
  auto *V = dyn_cast<FixedVectorType>(T);
  return V && V->getNumElements() == 2 && V->getElementType() == Part;
}

static Value *sizeOrAngle(StringRef Name, Complex Z, Type *T, Real &R) {
  if (T != Z.Re->getType())
    return nullptr;
  if (Name == "cabs" || Name == "cabsf")
    return R.call("hypot", {Z.Re, Z.Im});
  return R.call("atan2", {Z.Im, Z.Re});
}

using OnOne = Complex (Real::*)(Complex);
using OnTwo = Complex (Real::*)(Complex, Complex);

Value *writeOutComplexCall(CallBase &Call, IRBuilderBase &B) {
  StringRef Name = Call.getCalledFunction()->getName();
  bool IsReal = StringSwitch<bool>(Name)
                    .Cases({"cabs", "cabsf", "carg", "cargf"}, true)
                    .Default(false);
  OnOne One = StringSwitch<OnOne>(Name)
                  .Cases({"cexp", "cexpf"}, &Real::exponential)
                  .Cases({"clog", "clogf"}, &Real::logarithm)
                  .Cases({"csqrt", "csqrtf"}, &Real::squareRoot)
                  .Cases({"csin", "csinf"}, &Real::sine)
                  .Cases({"ccos", "ccosf"}, &Real::cosine)
                  .Default(nullptr);
  OnTwo Two = StringSwitch<OnTwo>(Name)
                  .Cases({"__muldc3", "__mulsc3"}, &Real::multiply)
                  .Cases({"__divdc3", "__divsc3"}, &Real::divide)
                  .Default(nullptr);
  if (!IsReal && !One && !Two)
    return nullptr;
  auto Operands = operandsOf(Call, B);
  if (Operands.size() != (Two ? 2 : 1))
    return nullptr;
  Real R{B};
  Type *T = Call.getType();
  if (IsReal)
    return sizeOrAngle(Name, Operands[0], T, R);
  if (!holdsComplex(T, Operands[0].Re->getType()))
    return nullptr;
  Complex Z = One ? (R.*One)(Operands[0]) : (R.*Two)(Operands[0], Operands[1]);
  return assemble(Z, T, B);
}

} // namespace tern
