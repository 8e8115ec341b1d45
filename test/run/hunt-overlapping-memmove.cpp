// memmove within one active array: was a crash of the compiler.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real p1(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  memmove(y, y + 3, 5 * sizeof(real));
  return a;
}

FUZZ_SINGLE(p1)
