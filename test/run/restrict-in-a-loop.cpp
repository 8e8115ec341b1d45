// A function with restrict parameters, inlined in a loop that swaps its
// arguments: what one call reads the next overwrites (plugin/AliasScopes.h).
// Wrong was what clang had inlined.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc
// RUN: %clang++ -O2 %t.ad.bc -o %t -lm && %t
#include "single.h"

static void step(const double *__restrict in, double *__restrict out, long k) {
  for (long i = 0; i < k; ++i)
    out[i] = sin(in[i]) * in[i + 1];
}
static real steps(real *x, real *y, real a, real b, long n, long m) {
  double *p = x, *q = y;
  for (long t = 0; t < n; ++t) {
    step(p, q, m + 1);
    double *s = p;
    p = q;
    q = s;
  }
  return p[2] * b + q[1];
}

FUZZ_SINGLE(steps)
