// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The second derivative of `double steps(double *x, long m)`, x of eight
// numbers, for m from 0 to 7: reverse over reverse against forward over
// reverse.
#pragma once
#include <cmath>
#include <cstdio>

static double steps(double *x, long m);

extern int enzyme_dup, enzyme_const;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static double slope(double *x, long m) {
  double g[8] = {}, sum = 0;
  __enzyme_autodiff<void>((void *)steps, enzyme_dup, x, g, enzyme_const, m);
  for (long i = 0; i < 8; ++i)
    sum += g[i] * (i + 1);
  return sum;
}

int main() {
  for (long m = 0; m < 8; ++m) {
    double x[8], h[8] = {}, v[8], along = 0;
    for (long i = 0; i < 8; ++i) {
      x[i] = 0.3 + 0.1 * i;
      v[i] = 1.0 - 0.2 * i;
    }
    __enzyme_autodiff<void>((void *)slope, enzyme_dup, x, h, enzyme_const, m);
    for (long i = 0; i < 8; ++i)
      along += h[i] * v[i];
    double forward = __enzyme_fwddiff<double>((void *)slope, enzyme_dup, x, v,
                                              enzyme_const, m);
    if (std::fabs(along - forward) > 1e-10) {
      std::printf("%ld: %g, not %g\n", m, along, forward);
      return 1;
    }
  }
}
