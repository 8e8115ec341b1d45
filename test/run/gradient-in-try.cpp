// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A gradient taken in a try block, and differentiated again: what the inner
// sweep calls for its tape does not throw.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <stdexcept>

extern int enzyme_out, enzyme_const;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static double f(double x, long n) {
  double v = x;
  for (long i = 0; i < n; ++i) {
    if (v > 50)
      throw std::runtime_error("diverges");
    v = 1.1 * std::sin(v) * x + 0.2 * v;
  }
  return v * v;
}

static double slope(double x, long n) {
  try {
    return __enzyme_autodiff<double>((void *)f, enzyme_out, x, enzyme_const, n);
  } catch (const std::runtime_error &) {
    return -1;
  }
}

int main() {
  const double x = 0.83, h = 1e-6;
  const long n = 7;
  double numeric = (slope(x + h, n) - slope(x - h, n)) / (2 * h);
  double reverse = __enzyme_autodiff<double>((void *)slope, enzyme_out, x,
                                             enzyme_const, n);
  double forward =
      __enzyme_fwddiff<double>((void *)slope, x, 1.0, enzyme_const, n);
  std::printf("%.9g %.9g %.9g\n", numeric, reverse, forward);
  return std::fabs(reverse - numeric) < 1e-6 * std::fabs(numeric) &&
                 std::fabs(forward - reverse) < 1e-12 * std::fabs(reverse)
             ? 0
             : 1;
}
