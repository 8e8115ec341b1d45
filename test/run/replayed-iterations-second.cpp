// Second derivatives through a loop whose iterations are run again, on the tape
// of the sweep around them.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll \
// RUN:   -w -I%S/../fuzz/support
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK: call void @tern_tape_mark(
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

// An iteration that leaves what has a derivative on the tape: the tape and its
// shadow are both wound back.
static real rows(real *x, real *y, long n, long m) {
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    real row = 0.1;
    for (long i = 0; i < m; ++i)
      row = row + exp(x[(p + i) & 7] * y[i & 7]);
    sum = sum + row / (1 + row * row);
  }
  return sum;
}

static real both(real *x, real *y, real a, real b, long n, long m) {
  return points(x, y, a, b, n, m) + a * rows(x, y, n, m);
}

FUZZ_SINGLE_SECOND(both)
