// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program tells Tern about its own functions: that they carry no
// derivative, or which derivative they have.
//
//   double next_random(rng *) TERN_INACTIVE;
//
// Forward mode. A rule takes the parameters, each floating-point number and
// each pointer followed by its tangent or shadow, and returns the tangent of
// the result (void if the function returns void):
//
//   double f_jvp(double x, double x_tan) { return 2 * x * x_tan; }
//   TERN_DERIVATIVE(f, f_jvp);
//
// Reverse mode, in two steps. The first, record, takes the parameters, each
// pointer followed by its shadow, and returns tape and result (the tape alone
// if f returns void). The second, reverse, takes the same, the adjoint of the
// result if that is a number, and the tape; it returns the adjoints of the
// floating-point parameters in order (one alone as it is, several as a struct):
//
//   struct f_recorded { void *tape; double result; };
//   f_recorded f_record(double x) { return {nullptr, x * x}; }
//   double f_reverse(double x, double adj, void *) { return 2 * x * adj; }
//   TERN_GRADIENT(f, f_record, f_reverse);
//
// A reverse that releases its tape lets a pullback (vjp) be called once only.
// Where a function has a rule its body is not looked at. The conventions are
// those of Enzyme's __enzyme_register_gradient and _derivative.
#ifndef TERN_RULE_HPP
#define TERN_RULE_HPP

/// After a function declaration, or before a global variable: carries no
/// derivative. Calls stay as they are.
#if defined(__clang__)
#define TERN_INACTIVE __attribute__((annotate("tern_inactive")))
#else
#define TERN_INACTIVE
#endif

#define TERN_DETAIL_JOIN(a, b) a##b
#define TERN_DETAIL_NAME(a, b) TERN_DETAIL_JOIN(a, b)
#define TERN_DETAIL_REGISTER(kind, ...)                                        \
  [[maybe_unused, gnu::used]] static const void *const TERN_DETAIL_NAME(       \
      __tern_register_##kind##_, __COUNTER__)[] = {__VA_ARGS__}
#define TERN_DETAIL_ADDRESS(f) reinterpret_cast<const void *>(&f)

/// At namespace scope, f, record and reverse being functions that are not
/// overloaded.
#define TERN_GRADIENT(f, record, reverse)                                      \
  TERN_DETAIL_REGISTER(gradient, TERN_DETAIL_ADDRESS(f),                       \
                       TERN_DETAIL_ADDRESS(record),                            \
                       TERN_DETAIL_ADDRESS(reverse))
#define TERN_DERIVATIVE(f, jvp)                                                \
  TERN_DETAIL_REGISTER(derivative, TERN_DETAIL_ADDRESS(f),                     \
                       TERN_DETAIL_ADDRESS(jvp))

#endif
