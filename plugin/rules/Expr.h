// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas that write themselves as IR.
//
// Problem. A derivative rule is a line of calculus, `d * cos(x)`. Written with
// IRBuilder calls it becomes ten lines in which the formula is lost.
//
// Idea. An Expr is an IR value and the builder that continues it. Operators and
// the mathematical functions below emit the instruction and give the next Expr.
// Numbers are Exprs without a type; they take the type of what they meet, so
// one formula serves half to fp128 and their vectors. Named constants carry
// enough digits for fp128.
//
//   d / sqrt(1 - x * x)     ->   %0 = fmul double %x, %x
//                                %1 = fsub double 1.0, %0
//                                %2 = call double @llvm.sqrt.f64(double %1)
//                                %3 = fdiv double %d, %2
//
// Multiplication by the constants 1 and -1 leaves no fmul behind. Everything is
// straight-line code at the builder's position with the builder's fast-math
// flags. Functions that LLVM has as an intrinsic are emitted as such: the
// vectoriser knows them with any -fveclib.
#pragma once
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Intrinsics.h"

namespace tern {

class Expr {
public:
  Expr() = default;
  Expr(llvm::Value *V, llvm::IRBuilderBase &B) : V(V), B(&B) {}
  Expr(double Number) : Number(Number) {}
  /// A constant written out in decimal.
  static Expr digits(const char *Text) {
    Expr E;
    E.Digits = Text;
    return E;
  }

  llvm::Value *value() const { return V; }
  llvm::IRBuilderBase &builder() const { return *B; }
  /// Itself, or the number as a constant of `Like`'s type.
  Expr typedAs(const Expr &Like) const;

private:
  llvm::Value *V = nullptr; ///< null: a number that has no type yet
  llvm::IRBuilderBase *B = nullptr;
  double Number = 0;
  const char *Digits = nullptr;
};

Expr operator+(Expr A, Expr B);
Expr operator-(Expr A, Expr B);
Expr operator*(Expr A, Expr B);
Expr operator/(Expr A, Expr B);
Expr operator-(Expr A);

/// Comparisons are false on NaN and give an i1 (or a vector of them).
Expr operator==(Expr A, Expr B);
Expr operator<(Expr A, Expr B);
Expr operator<=(Expr A, Expr B);
Expr operator>(Expr A, Expr B);
Expr operator>=(Expr A, Expr B);
Expr operator||(Expr A, Expr B);
Expr select(Expr Condition, Expr Then, Expr Else);

/// -1, 0 or 1 (-0 for -0).
Expr sign(Expr X);
/// An integer as a floating-point number of Like's type.
Expr real(Expr Integer, Expr Like);

Expr intrinsic(llvm::Intrinsic::ID ID, Expr X);
Expr intrinsic(llvm::Intrinsic::ID ID, Expr X, Expr Y);

#define TERN_INTRINSIC(Name)                                                   \
  inline Expr Name(Expr X) { return intrinsic(llvm::Intrinsic::Name, X); }
TERN_INTRINSIC(sin)
TERN_INTRINSIC(cos)
TERN_INTRINSIC(sinh)
TERN_INTRINSIC(cosh)
TERN_INTRINSIC(exp)
TERN_INTRINSIC(log)
TERN_INTRINSIC(sqrt)
TERN_INTRINSIC(fabs)
#undef TERN_INTRINSIC
inline Expr copysign(Expr X, Expr Y) {
  return intrinsic(llvm::Intrinsic::copysign, X, Y);
}
/// X to the integer power N; X times 2 to the integer N.
Expr powi(Expr X, Expr N);
Expr ldexp(Expr X, Expr N);

/// Calls the libm function (or the runtime's function of that shape) for the
/// last argument's type: `name`, `namef`, `namel`. Vectors go lane by lane,
/// half and bfloat through float.
Expr libm(const char *Name, Expr X);
Expr libm(const char *Name, Expr Order, Expr X);

} // namespace tern
