// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop in an iteration that is run again: whether it runs came in as a
// parameter, unrelated to the count as far as one could see. With m = 0 the tape
// asked for 2^32 iterations.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>

extern int enzyme_out, enzyme_const, enzyme_dup;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static double f(const double *x, double a, double b, long n, long m) {
  double own[8];
  for (int i = 0; i < 8; ++i)
    own[i] = x[i];
  for (unsigned long i = 0; i != (unsigned long)n; ++i)
    for (unsigned long j = 0; j != (unsigned long)n; ++j)
      for (int k = 0; k < (int)m; k++)
        own[m] = a * own[m] + b;
  return a * own[1];
}

int main() {
  double x[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  int wrong = 0;
  for (long m = 0; m < 4; ++m) {
    double reverse = __enzyme_autodiff<double>(
        (void *)f, enzyme_const, x, enzyme_out, 0.7, enzyme_const, 0.2,
        enzyme_const, 3l, enzyme_const, m);
    double forward = __enzyme_fwddiff<double>(
        (void *)f, enzyme_const, x, enzyme_dup, 0.7, 1.0, enzyme_const, 0.2,
        enzyme_const, 3l, enzyme_const, m);
    if (!(std::fabs(reverse - forward) < 1e-12)) {
      std::printf("%ld: %g, not %g\n", m, reverse, forward);
      ++wrong;
    }
  }
  return wrong;
}
