// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shape of a row of Math.def and Instructions.def.
//
// A partial is written as what it does to `d`, which stands for a tangent or an
// adjoint: `d * cos(x)`, `d / y`. The same line then serves forward mode,
// reverse mode and (with d = 1) the bare partial, and a row may choose the
// cheapest order of operations.
#pragma once
#include "rules/Expr.h"
#include "llvm/ADT/ArrayRef.h"

namespace tern {

/// d, operands 0 to 2, result. Missing operands are empty Exprs. Rows of
/// functions with a struct result: d, operand 0, result fields 0 and 1.
using Partial = Expr (*)(Expr D, Expr X, Expr Y, Expr Z, Expr R);

/// Where a partial can be infinite.
enum class Singularity : unsigned char {
  Never,
  Pole,   ///< only where the result is infinite or NaN itself (1/x, log)
  Branch, ///< where the result is finite as well (sqrt, asin)
};

struct MathRule {
  const char *Name;
  unsigned char Operands;
  unsigned char Fields; ///< 0: scalar or vector result; else struct fields
  Singularity Singular;
  /// Per operand (per field if the result is a struct). Null: zero.
  Partial Partials[3];
};

struct Alias {
  const char *Other;
  const char *Name;
};

/// All rows: those of calls and those of instructions.
llvm::ArrayRef<MathRule> callRules();
llvm::ArrayRef<MathRule> instructionRules();
llvm::ArrayRef<Alias> callAliases();

} // namespace tern
