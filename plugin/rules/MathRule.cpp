// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rows of Math.def and Instructions.def as data, and the few formulas that
// are too long for a row.
#include "rules/MathRule.h"
#include <type_traits>

using namespace llvm;

namespace tern {

namespace {
const Expr Ln2 = Expr::digits("0.693147180559945309417232121458176568076");
const Expr InvLn2 = Expr::digits("1.44269504088896340735992468100189213743");
const Expr Ln10 = Expr::digits("2.30258509299404568401799145468436420760");
const Expr InvLn10 = Expr::digits("0.434294481903251827651128918916605082294");
const Expr Pi = Expr::digits("3.14159265358979323846264338327950288420");
const Expr InvPi = Expr::digits("0.318309886183790671537767526745028724069");
const Expr TwoOverSqrtPi =
    Expr::digits("1.12837916709551257389615890312154517169");

/// 1 in place of 0: a division that is not selected must not leave a NaN for
/// the derivative of the derivative to multiply by zero.
Expr nonzero(Expr X) { return select(X == 0, 1, X); }

/// d pow(x, y) / dx = y * r / x, which has no value where x is zero: there it
/// is 1 for y = 1, 0 for y = 0 and y > 1, else an infinity of y's sign.
Expr powerSlope(Expr X, Expr Y, Expr R) {
  Expr Steep = select(Y > 1 || Y == 0, 0, Y / fabs(X));
  return select(X == 0, select(Y == 1, 1, Steep), Y * (R / nonzero(X)));
}

/// numerator / (x^2 + y^2) without overflow; 0 at the origin.
Expr angleSlope(Expr Numerator, Expr X, Expr Y) {
  Expr Largest = select(fabs(X) > fabs(Y), fabs(X), fabs(Y));
  Expr Scale = 1 / nonzero(Largest);
  Expr A = X * Scale, B = Y * Scale;
  return Numerator * Scale * (Scale / nonzero(A * A + B * B));
}

Expr digamma(Expr X) {
  IRBuilderBase &B = X.builder();
  return libm("tern_polygamma", {B.getInt32(0), B}, X);
}

/// The same recurrence serves all orders, negative ones included.
Expr besselSlope(const char *Name, Expr Order, Expr X) {
  return 0.5 * (libm(Name, Order - 1, X) - libm(Name, Order + 1, X));
}

struct NoPartial {};
constexpr NoPartial none;

template <typename Formula> constexpr Partial partial(Formula F) {
  using Result = std::invoke_result_t<Formula, Expr, Expr, Expr, Expr, Expr>;
  if constexpr (std::is_same_v<Result, NoPartial>)
    return nullptr;
  else
    return F;
}
} // namespace

#define TERN_PARTIAL(...)                                                      \
  partial([]([[maybe_unused]] Expr d, [[maybe_unused]] Expr x,                 \
             [[maybe_unused]] Expr y, [[maybe_unused]] Expr z,                 \
             [[maybe_unused]] Expr r) { return __VA_ARGS__; })
#define TERN_FIELD(...)                                                        \
  partial([]([[maybe_unused]] Expr d, [[maybe_unused]] Expr x,                 \
             [[maybe_unused]] Expr r0, [[maybe_unused]] Expr r1,               \
             Expr) { return __VA_ARGS__; })
#define RULE1(Name, Singular, DX)                                              \
  {#Name, 1, 0, Singularity::Singular, {TERN_PARTIAL(DX), nullptr, nullptr}},
#define RULE2(Name, Singular, DX, DY)                                          \
  {#Name,                                                                      \
   2,                                                                          \
   0,                                                                          \
   Singularity::Singular,                                                      \
   {TERN_PARTIAL(DX), TERN_PARTIAL(DY), nullptr}},
#define RULE3(Name, Singular, DX, DY, DZ)                                      \
  {#Name,                                                                      \
   3,                                                                          \
   0,                                                                          \
   Singularity::Singular,                                                      \
   {TERN_PARTIAL(DX), TERN_PARTIAL(DY), TERN_PARTIAL(DZ)}},
#define FIELDS1(Name, Singular, D0, D1)                                        \
  {#Name,                                                                      \
   1,                                                                          \
   2,                                                                          \
   Singularity::Singular,                                                      \
   {TERN_FIELD(D0), TERN_FIELD(D1), nullptr}},
#define ALIAS(Other, Name)

static const MathRule CallRows[] = {
#include "rules/Math.def"
};
static const MathRule InstructionRows[] = {
#include "rules/Instructions.def"
};

static const Alias Aliases[] = {
#undef RULE1
#undef RULE2
#undef RULE3
#undef FIELDS1
#undef ALIAS
#define RULE1(...)
#define RULE2(...)
#define RULE3(...)
#define FIELDS1(...)
#define ALIAS(Other, Name) {#Other, #Name},
#include "rules/Math.def"
};

ArrayRef<MathRule> callRules() { return CallRows; }
ArrayRef<MathRule> instructionRules() { return InstructionRows; }
ArrayRef<Alias> callAliases() { return Aliases; }

} // namespace tern
