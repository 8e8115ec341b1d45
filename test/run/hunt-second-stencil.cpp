// Reverse over reverse through a stencil in place.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p128(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  x[m] = bounded((b + ((real)1.41 * y[m] - (x[2] + bounded(acc)))));
  for (long k2 = 0; k2 < n; ++k2) {
    for (long i1 = 6; i1 > 0; --i1) y[i1] = 0.6 * y[i1 - 1] * y[i1 + 1];
  }
  for (long i3 = 0; i3 < 4; ++i3) y[i3] = y[i3 + 4] * y[2 * i3] * 0.5;
  return 0.5 * acc + bounded(acc) * (real)4 * a + x[3] * y[5] + a * b;
}

FUZZ_SINGLE_SECOND(p128)
