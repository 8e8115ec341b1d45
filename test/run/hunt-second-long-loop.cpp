// Reverse over reverse through loops of unknown and of long trip counts.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p303(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  acc -= sin((tanh(0.1 * acc) - a) * a * (b - a) * y[n] * x[(n + 3) & 7]);
  real t2 = 1.0 + square_plus((real)(sin((real)1.02 * (real)(n + m))), 0.1);
  for (long i1 = 0; t2 > 0.0513; ++i1) t2 = t2 * (0.996 + 0.002 * cos(t2));
  {
    real t4 = 0.36 * ((real)1.39 * y[m + 2]);
    for (long i3 = 0; i3 < 1000 * m; ++i3) {
      t4 = 0.5 * t4 + 0.3 * sin(t4 + x[i3 & 7]);
      if ((i3 & 3) == 1) continue;
      acc += 0.01 * t4;
    }
  }
  a = sin((x[n] * x[m + 3] * (y[m] - y[n]) - (b - tanh(0.1 * acc)) * (real)m * bounded(acc)));
  return 0.5 * acc + ((a + y[(n + 1)]) + (x[n + 1] - y[m])) + x[3] * y[5] + a * b;
}

FUZZ_SINGLE_SECOND(p303)
