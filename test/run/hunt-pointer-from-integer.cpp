// A pointer that took the way through an integer keeps its shadow.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p1(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  real t1 = bounded(b * ((x[n] - a) - (real)0.56));
  {
    unsigned long p2_i = (unsigned long)y + 2 * sizeof(real);
    real *p2 = (real *)p2_i;
    y[n] = 0.5 * y[n] + tanh((t1 - t1 * p2[(m + n) & 3]));
  }
  return (x[3] * y[5]) + a * b;
}

FUZZ_SINGLE(p1)
