// Split sweeps: the shadow of a local array was its primal.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p107(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  real t1 = sin((((x[n] + x[n + 1]) - a * b) - ((x[(m + n) & 7] - bounded(acc)) - x[m] * b)));
  real m2[4][4];
  for (long i3 = 0; i3 < 4; ++i3)
  for (long jj4 = 0; jj4 < 4; ++jj4) m2[i3][jj4] = y[6];
  for (long i3 = 0; i3 < 4; ++i3) for (long jj4 = 0; jj4 < i3; ++jj4) {
    real s = m2[i3][jj4];
    m2[i3][jj4] = m2[jj4][i3];
    m2[jj4][i3] = s;
  }
  return 0.5 * acc + a * (real)1.27 * (bounded(acc) - b) + x[3] * y[5] + a * b;
}

FUZZ_SINGLE_SPLIT(p107)
