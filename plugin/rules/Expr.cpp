// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/Expr.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

Expr Expr::typedAs(const Expr &Like) const {
  if (V)
    return *this;
  Type *Ty = Like.V->getType();
  if (Ty->isIntOrIntVectorTy())
    return {ConstantInt::getSigned(Ty, static_cast<int64_t>(Number)), *Like.B};
  Constant *C =
      Digits ? ConstantFP::get(Ty, Digits) : ConstantFP::get(Ty, Number);
  return {C, *Like.B};
}

/// A scalar beside a vector, as a partial beside the tangents of several lanes,
/// holds for all of its elements.
static Expr splatAs(Expr A, Expr Like) {
  auto *Vector = dyn_cast<VectorType>(Like.value()->getType());
  if (!Vector || A.value()->getType()->isVectorTy())
    return A;
  IRBuilderBase &B = Like.builder();
  return {B.CreateVectorSplat(Vector->getElementCount(), A.value()), B};
}

/// Gives both sides one type; at least one of them has it already.
static void unify(Expr &A, Expr &B) {
  A = A.typedAs(B);
  B = B.typedAs(A);
  A = splatAs(A, B);
  B = splatAs(B, A);
}

static bool isInteger(Expr A) {
  return A.value()->getType()->isIntOrIntVectorTy();
}

Expr operator+(Expr A, Expr B) {
  unify(A, B);
  IRBuilderBase &IRB = A.builder();
  return {isInteger(A) ? IRB.CreateAdd(A.value(), B.value())
                       : IRB.CreateFAdd(A.value(), B.value()),
          IRB};
}

Expr operator-(Expr A, Expr B) {
  unify(A, B);
  IRBuilderBase &IRB = A.builder();
  return {isInteger(A) ? IRB.CreateSub(A.value(), B.value())
                       : IRB.CreateFSub(A.value(), B.value()),
          IRB};
}

Expr operator*(Expr A, Expr B) {
  unify(A, B);
  if (match(A.value(), m_FPOne()))
    return B;
  if (match(B.value(), m_FPOne()))
    return A;
  if (match(A.value(), m_SpecificFP(-1.0)))
    return -B;
  if (match(B.value(), m_SpecificFP(-1.0)))
    return -A;
  return {A.builder().CreateFMul(A.value(), B.value()), A.builder()};
}

Expr operator/(Expr A, Expr B) {
  unify(A, B);
  if (match(B.value(), m_FPOne()))
    return A;
  return {A.builder().CreateFDiv(A.value(), B.value()), A.builder()};
}

Expr operator-(Expr A) {
  return {A.builder().CreateFNeg(A.value()), A.builder()};
}

static Expr compare(CmpInst::Predicate Floats, CmpInst::Predicate Integers,
                    Expr A, Expr B) {
  unify(A, B);
  return {A.builder().CreateCmp(isInteger(A) ? Integers : Floats, A.value(),
                                B.value()),
          A.builder()};
}

Expr operator==(Expr A, Expr B) {
  return compare(CmpInst::FCMP_OEQ, CmpInst::ICMP_EQ, A, B);
}
Expr operator<(Expr A, Expr B) {
  return compare(CmpInst::FCMP_OLT, CmpInst::ICMP_SLT, A, B);
}
Expr operator<=(Expr A, Expr B) {
  return compare(CmpInst::FCMP_OLE, CmpInst::ICMP_SLE, A, B);
}
Expr operator>(Expr A, Expr B) {
  return compare(CmpInst::FCMP_OGT, CmpInst::ICMP_SGT, A, B);
}
Expr operator>=(Expr A, Expr B) {
  return compare(CmpInst::FCMP_OGE, CmpInst::ICMP_SGE, A, B);
}
Expr operator||(Expr A, Expr B) {
  return {A.builder().CreateOr(A.value(), B.value()), A.builder()};
}

Expr select(Expr Condition, Expr Then, Expr Else) {
  unify(Then, Else);
  return {Condition.builder().CreateSelect(Condition.value(), Then.value(),
                                           Else.value()),
          Condition.builder()};
}

Expr sign(Expr X) { return copysign(select(X == 0, Expr(0).typedAs(X), 1), X); }

Expr real(Expr Integer, Expr Like) {
  IRBuilderBase &B = Like.builder();
  Type *Ty = Like.value()->getType();
  if (Integer.value()->getType()->isVectorTy())
    return {B.CreateSIToFP(Integer.value(), Ty), B};
  Value *V = B.CreateSIToFP(Integer.value(), Ty->getScalarType());
  if (auto *Vector = dyn_cast<VectorType>(Ty))
    V = B.CreateVectorSplat(Vector->getElementCount(), V);
  return {V, B};
}

Expr intrinsic(Intrinsic::ID ID, Expr X) {
  return {X.builder().CreateUnaryIntrinsic(ID, X.value()), X.builder()};
}

Expr intrinsic(Intrinsic::ID ID, Expr X, Expr Y) {
  unify(X, Y);
  return {X.builder().CreateBinaryIntrinsic(ID, X.value(), Y.value()),
          X.builder()};
}

static Expr withInteger(Intrinsic::ID ID, Expr X, Expr N) {
  IRBuilderBase &B = X.builder();
  return {B.CreateIntrinsic(ID, {X.value()->getType(), N.value()->getType()},
                            {X.value(), N.value()}),
          B};
}
Expr powi(Expr X, Expr N) { return withInteger(Intrinsic::powi, X, N); }

/// Wider exponents (scalbln) are cut to a range that decides the result.
Expr ldexp(Expr X, Expr N) {
  IRBuilderBase &B = X.builder();
  Value *Exponent = N.value();
  if (Exponent->getType()->getScalarSizeInBits() > 32) {
    Type *Wide = Exponent->getType();
    Value *Limit = ConstantInt::getSigned(Wide, 100000);
    Exponent = B.CreateBinaryIntrinsic(Intrinsic::smin, Exponent, Limit);
    Exponent = B.CreateBinaryIntrinsic(Intrinsic::smax, Exponent,
                                       ConstantInt::getSigned(Wide, -100000));
    Exponent = B.CreateTrunc(Exponent, B.getInt32Ty());
  }
  return withInteger(Intrinsic::ldexp, X, splatAs({Exponent, B}, X));
}

static const char *libmSuffix(Type *Ty, const Module &M) {
  if (Ty->isFloatTy())
    return "f";
  if (Ty->isX86_FP80Ty())
    return "l";
  if (Ty->isFP128Ty()) // long double everywhere but on x86
    return M.getTargetTriple().isX86() ? "f128" : "l";
  return "";
}

/// One scalar call. What errno would say about it is nobody's business, so the
/// call is free to move, to go and to become a vector call.
static Value *callLibm(const char *Name, Value *Order, Value *X,
                       IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  Type *Ty = X->getType();
  SmallVector<Type *, 2> Params;
  SmallVector<Value *, 2> Args;
  if (Order) {
    Params.push_back(Order->getType());
    Args.push_back(Order);
  }
  Params.push_back(Ty);
  Args.push_back(X);
  FunctionCallee Callee =
      M.getOrInsertFunction((Twine(Name) + libmSuffix(Ty, M)).str(),
                            FunctionType::get(Ty, Params, false));
  CallInst *Call = B.CreateCall(Callee, Args);
  Call->setDoesNotAccessMemory();
  Call->setDoesNotThrow();
  Call->addFnAttr(Attribute::WillReturn);
  return Call;
}

static Value *callLibmWidened(const char *Name, Value *Order, Value *X,
                              IRBuilderBase &B) {
  Type *Ty = X->getType();
  if (!Ty->isHalfTy() && !Ty->isBFloatTy())
    return callLibm(Name, Order, X, B);
  Value *Wide = B.CreateFPExt(X, B.getFloatTy());
  return B.CreateFPTrunc(callLibm(Name, Order, Wide, B), Ty);
}

Expr libm(const char *Name, Expr Order, Expr X) {
  IRBuilderBase &B = X.builder();
  Value *V = X.value(), *N = Order.value();
  auto *Vector = dyn_cast<FixedVectorType>(V->getType());
  if (!Vector)
    return {callLibmWidened(Name, N, V, B), B};
  Value *Result = PoisonValue::get(Vector);
  for (unsigned Lane = 0; Lane != Vector->getNumElements(); ++Lane) {
    Value *Scalar = B.CreateExtractElement(V, Lane);
    Scalar = callLibmWidened(Name, N, Scalar, B);
    Result = B.CreateInsertElement(Result, Scalar, Lane);
  }
  return {Result, B};
}

Expr libm(const char *Name, Expr X) { return libm(Name, Expr(), X); }

} // namespace tern
