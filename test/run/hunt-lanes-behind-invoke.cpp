// Vectors with empty lanes are taken apart before differentiation. The address
// of a lane must not be put behind an invoke, which ends its block: the compiler
// crashed where the pointer came from a `new` that may throw.
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -S %s -o %t.ll
// RUN: FileCheck %s < %t.ll
// RUN: %tern-opt %t.ll -o %t.ad.bc
// RUN: %clang++ -O2 %t.ad.bc -o %t -lm && %t
#include "single.h"

// That there are such a lane and such an invoke at all:
// CHECK: invoke {{.*}} @_Znam
// CHECK: store <2 x double>
// CHECK: shufflevector <2 x double> {{.*}}, <2 x i32> <i32 1, i32 poison>
struct guard {
  real *p;
  real *own;
  guard(real *q) : p(q), own(new real[2]) {
    own[0] = q[0];
    own[1] = q[1];
  }
  ~guard() {
    p[0] = 0.5 * (p[0] + own[1] * own[0]);
    delete[] own;
  }
};

static real guarded(real *x, real *y, real a, real b, long n, long m) {
  guard first(y);
  guard second(x);
  real acc = sin(x[0]);
  return 0.5 * acc + (y[n] - b) * (y[n + 1] - tanh(0.1 * acc)) +
         first.own[1] * second.own[n & 1];
}

FUZZ_SINGLE(guarded)
