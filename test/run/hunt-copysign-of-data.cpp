// copysign on bits with the sign from memory: was a crash of the compiler.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p1(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  real t2 = sign_from(a, y[m]);
  return t2;
}

FUZZ_SINGLE(p1)
