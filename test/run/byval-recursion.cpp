// A callee owns what it is passed byval, and so do its derivatives. Optimised
// IR says more about parameters than holds for those (`returned`, ...).
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc
// RUN: %clang++ -O1 %t.ad.bc -o %t -lm && %t
#include "single.h"

struct state {
  double a, b;
  long n;
  double c[3];
};
static real deep(state s, real *p) {
  if (s.n <= 0)
    return s.a * s.b + p[0] * s.c[1];
  s.a = 0.5 * s.a + 0.3 * sin(p[s.n & 3]);
  s.c[s.n % 3] += s.b * s.a;
  --s.n;
  real r = deep(s, p);
  return 0.9 * r + 0.1 * s.a * s.c[0];
}
static __attribute__((noinline)) real *halve(real *p) {
  p[1] *= 0.5;
  return p;
}
static real at_depth(real *x, real *y, real a, real b, long n, long m) {
  state s{a, b, 7, {x[0], y[1], 0.3}};
  real r = deep(s, halve(x));
  return r + s.a;
}

FUZZ_SINGLE(at_depth)
