// Scratch that an iteration reads before it fills it, under one condition, is
// carried from the iteration before: such a loop is not run again.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"
static real carried(real *x, long n, long k) {
  real *t = new real[8];
  for (long i = 0; i < 8; ++i)
    t[i] = x[i];
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    real s = 0;
    if (k > 0) {
      long i = 0;
      do
        s = s + t[i] * t[i] * x[(i + p) & 7];
      while (++i < k);
      long j = 0;
      do
        t[j] = sin(x[(p + j) & 7]);
      while (++j < k);
    }
    sum = sum + s;
  }
  delete[] t;
  return sum;
}
static real carrying(real *x, real *y, real a, real b, long n, long m) {
  return carried(x, n, m) * 0.1 + a * b;
}

FUZZ_SINGLE(carrying)
