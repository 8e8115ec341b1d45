// An optimiser that packs scalars into vectors leaves lanes empty that nobody
// reads. Their partials are poison: they must not reach the adjoints of other
// lanes (plugin/analysis/PoisonLanes.h).
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -S %s -o %t.ll
// RUN: FileCheck %s < %t.ll
// RUN: %tern-opt %t.ll -o %t.ad.bc
// RUN: %clang++ -O2 %t.ad.bc -o %t -lm && %t
#include "single.h"

// That there is such a lane at all:
// CHECK: shufflevector <2 x double> {{.*}}, <2 x i32> <i32 1, i32 poison>
static real packed(real *x, real *y, real a, real b, long n, long m) {
  real acc = sin(x[0]);
  return 0.5 * acc + (y[n] - b) * (y[n + 1] - tanh(0.1 * acc));
}

FUZZ_SINGLE(packed)
