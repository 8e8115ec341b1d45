// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the number programs of forward mode share: the call that asks for a
// derivative, finite differences to compare with, and the verdict.
#ifndef TERN_TEST_FORWARD_H
#define TERN_TEST_FORWARD_H
#include <cmath>
#include <cstdio>

extern int enzyme_dup, enzyme_const, enzyme_width, enzyme_primal_return;
template <class Result, class... Args>
Result __enzyme_fwddiff(void *, Args...);

inline int failures = 0;

inline void check(const char *what, double got, double want,
                  double tolerance = 1e-12) {
  double scale = std::fmax(1.0, std::fabs(want));
  if (std::fabs(got - want) <= tolerance * scale)
    return;
  std::printf("%s: got %.17g, want %.17g\n", what, got, want);
  ++failures;
}

/// d/de f(e) at 0 by central differences of sixth order; about 1e-10 exact for
/// functions of size one.
template <class F> double slope(F f, double h = 2e-2) {
  return (45 * (f(h) - f(-h)) - 9 * (f(2 * h) - f(-2 * h)) +
          (f(3 * h) - f(-3 * h))) /
         (60 * h);
}

/// Hides a value from the optimiser.
template <class T> T opaque(T value) {
  volatile T hidden = value;
  return hidden;
}

#define NOINLINE __attribute__((noinline))

inline int verdict() {
  if (failures)
    std::printf("%d failures\n", failures);
  return failures != 0;
}
#endif
