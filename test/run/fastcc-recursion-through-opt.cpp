// Optimised IR gives local functions the fastcc convention; the sweeps that are
// made from them keep the C convention, which is what their callers use.
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc
// RUN: %clang++ -O1 %t.ad.bc -o %t -lm && %t
#include "single.h"

static real deep(real a, real *p, long depth) {
  if (depth <= 0)
    return a * p[0];
  return 0.9 * deep(0.5 * a + 0.3 * sin(p[depth & 3]), p, depth - 1) + 0.1 * a;
}
static real at_depth(real *x, real *y, real a, real b, long n, long m) {
  return deep(b, x, 20);
}

FUZZ_SINGLE(at_depth)
