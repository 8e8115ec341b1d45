// Second derivatives through a loop whose iterations are run again, on the tape
// of the sweep around them.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real points(real *x, real *y, real a, real b, long n, long m) {
  real t[4];
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long i = 0; i < 4; ++i)
      t[i] = sin(x[(p + i) & 7] + y[i]);
    for (long i = 0; i < m; ++i)
      sum = sum + t[i & 3] * exp(0.3 * t[3 - (i & 3)] * y[i & 7]);
  }
  return a * sum * 0.1 + b;
}

FUZZ_SINGLE_SECOND(points)
