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
  Complex decimalLogarithm(Complex X) {
    constexpr double PerDecade = 0.43429448190325182765;
    Value *Scale = ConstantFP::get(X.Re->getType(), PerDecade);
    Complex L = logarithm(X);
    return {B.CreateFMul(L.Re, Scale), B.CreateFMul(L.Im, Scale)};
  }
  Complex hyperbolicSine(Complex X) { return overI(sine(timesI(X))); }
  Complex hyperbolicCosine(Complex X) { return cosine(timesI(X)); }
  Complex tangent(Complex X) { return overI(hyperbolicTangent(timesI(X))); }
  /// (T + i t) / (1 + i T t), T = tanh(re), t = tan(im): nothing overflows.
  Complex hyperbolicTangent(Complex X) {
    Value *T = call("tanh", {X.Re}), *Tan = call("tan", {X.Im});
    Value *Sech = B.CreateFDiv(one(X), call("cosh", {X.Re}));
    Value *Square = B.CreateFMul(Tan, Tan);
    Value *Scale =
        B.CreateFAdd(one(X), B.CreateFMul(B.CreateFMul(T, T), Square));
    Value *Re = B.CreateFMul(T, B.CreateFAdd(one(X), Square));
    Value *Im = B.CreateFMul(Tan, B.CreateFMul(Sech, Sech));
    return {B.CreateFDiv(Re, Scale), B.CreateFDiv(Im, Scale)};
  }
  // W. Kahan, Branch Cuts for Complex Elementary Functions, 1987: by the square
  // roots of 1 + z and 1 - z.
  Complex arcSine(Complex X) {
    Complex P = squareRoot(onePlus(X)), M = squareRoot(oneMinus(X));
    return {call("atan2", {X.Re, multiply(P, M).Re}),
            call("asinh", {multiply(conjugate(M), P).Im})};
  }
  Complex arcCosine(Complex X) {
    Complex P = squareRoot(onePlus(X)), M = squareRoot(oneMinus(X));
    return {twice(call("atan2", {M.Re, P.Re})),
            call("asinh", {multiply(conjugate(P), M).Im})};
  }
  Complex areaCosine(Complex X) {
    Complex P = squareRoot(onePlus(X));
    Complex M = squareRoot({B.CreateFSub(X.Re, one(X)), X.Im});
    return {call("asinh", {multiply(conjugate(M), P).Re}),
            twice(call("atan2", {M.Im, P.Re}))};
  }
  Complex areaSine(Complex X) { return overI(arcSine(timesI(X))); }
  Complex arcTangent(Complex X) { return overI(areaTangent(timesI(X))); }
  Complex areaTangent(Complex X) {
    Complex P = onePlus(X), M = oneMinus(X);
    Value *Square = B.CreateFMul(X.Im, X.Im);
    Value *Below = B.CreateFAdd(B.CreateFMul(M.Re, M.Re), Square);
    Value *Re = call("log1p", {B.CreateFDiv(twice(twice(X.Re)), Below)});
    Value *Im = call(
        "atan2", {twice(X.Im), B.CreateFSub(B.CreateFMul(M.Re, P.Re), Square)});
    return {half(half(Re)), half(Im)};
  }
  Complex conjugate(Complex X) { return {X.Re, B.CreateFNeg(X.Im)}; }
  /// All infinities are one.
  Complex projection(Complex X) {
    Value *Infinity = ConstantFP::getInfinity(X.Re->getType());
    Value *Zero = ConstantFP::getZero(X.Re->getType());
    Value *Far =
        B.CreateOr(B.CreateFCmpOEQ(unary(Intrinsic::fabs, X.Re), Infinity),
                   B.CreateFCmpOEQ(unary(Intrinsic::fabs, X.Im), Infinity));
    return {B.CreateSelect(Far, Infinity, X.Re),
            B.CreateSelect(Far, copySign(Zero, X.Im), X.Im)};
  }
  /// exp(y log(x)); the powers of zero are zero, but for the zeroth.
  Complex power(Complex X, Complex Y) {
    Value *Zero = ConstantFP::getZero(X.Re->getType());
    auto IsZero = [&](Complex Z) {
      return B.CreateAnd(B.CreateFCmpOEQ(Z.Re, Zero),
                         B.CreateFCmpOEQ(Z.Im, Zero));
    };
    Value *Nought = IsZero(X);
    Complex Safe = {B.CreateSelect(Nought, one(X), X.Re), X.Im};
    Complex Z = exponential(multiply(Y, logarithm(Safe)));
    Value *OfNought = B.CreateSelect(IsZero(Y), one(X), Zero);
    return {B.CreateSelect(Nought, OfNought, Z.Re),
            B.CreateSelect(Nought, Zero, Z.Im)};
  }

  Value *absolute(Complex X) { return call("hypot", {X.Re, X.Im}); }
  Value *angle(Complex X) { return call("atan2", {X.Im, X.Re}); }

private:
  static Value *one(Complex X) { return ConstantFP::get(X.Re->getType(), 1.0); }
  Value *twice(Value *X) { return B.CreateFAdd(X, X); }
  Complex timesI(Complex X) { return {B.CreateFNeg(X.Im), X.Re}; }
  Complex overI(Complex X) { return {X.Im, B.CreateFNeg(X.Re)}; }
  Complex onePlus(Complex X) { return {B.CreateFAdd(one(X), X.Re), X.Im}; }
  Complex oneMinus(Complex X) {
    return {B.CreateFSub(one(X), X.Re), B.CreateFNeg(X.Im)};
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

using OnOne = Complex (Real::*)(Complex);
using OnTwo = Complex (Real::*)(Complex, Complex);

using ToReal = Value *(Real::*)(Complex);

namespace {
/// The formula for a function, if it is one of those; at most one is set.
struct Formula {
  OnOne One = nullptr;
  OnTwo Two = nullptr;
  ToReal Size = nullptr;
};
} // namespace

static Formula formulaFor(StringRef Name) {
  Formula F;
  // The compiler's own arithmetic.
  F.Two = StringSwitch<OnTwo>(Name)
              .Cases({"__muldc3", "__mulsc3"}, &Real::multiply)
              .Cases({"__divdc3", "__divsc3"}, &Real::divide)
              .Default(nullptr);
#define COMPLEX(Function, Formula)                                             \
  if (Name == #Function || Name == #Function "f")                              \
    F.One = &Real::Formula;
#define COMPLEX2(Function, Formula)                                            \
  if (Name == #Function || Name == #Function "f")                              \
    F.Two = &Real::Formula;
#define SIZE(Function, Formula)                                                \
  if (Name == #Function || Name == #Function "f")                              \
    F.Size = &Real::Formula;
#include "rules/Complex.def"
#undef COMPLEX
#undef COMPLEX2
#undef SIZE
  return F;
}

Value *writeOutComplexCall(CallBase &Call, IRBuilderBase &B) {
  Formula F = formulaFor(Call.getCalledFunction()->getName());
  if (!F.One && !F.Two && !F.Size)
    return nullptr;
  auto Operands = operandsOf(Call, B);
  if (Operands.size() != (F.Two ? 2 : 1))
    return nullptr;
  Real R{B};
  Type *T = Call.getType(), *Part = Operands[0].Re->getType();
  if (F.Size)
    return T == Part ? (R.*F.Size)(Operands[0]) : nullptr;
  if (!holdsComplex(T, Part))
    return nullptr;
  Complex Z =
      F.One ? (R.*F.One)(Operands[0]) : (R.*F.Two)(Operands[0], Operands[1]);
  return assemble(Z, T, B);
}

} // namespace tern
