// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In the second sweep a branch on the tape is all that keeps k < 3 from a loop
// of 1 + (k - 3) / 2 iterations. Its tape asked for 2^63 bytes.
// RUN: %tern-clang++ -O2 %s -o %t && %t
// RUN: %clang++ -O2 -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc && %clang++ -O0 %t.ad.bc -o %t -lm && %t
// RUN: %clang++ -O2 -DCOUNT=int -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc && %clang++ -O0 %t.ad.bc -o %t -lm && %t
#include "Inputs/curvature-of-steps.h"
#include <cmath>
#include <cstdlib>

#ifndef COUNT
#define COUNT long
#endif

static double steps(double *x, long m) {
  COUNT k = m & 7;
  double t = 0.5, sum = 0;
  double *u = (double *)malloc(10 * sizeof(double));
  double *v = (double *)malloc(10 * sizeof(double));
  double *w = (double *)malloc(10 * sizeof(double));
  for (long i = 0; i < 10; ++i) {
    u[i] = x[i & 7];
    v[i] = 0.2 * x[(i + 1) & 7];
    w[i] = 0.2 * x[(i + 2) & 7];
  }
  for (long step = 0; step < 9 && t < 1.2011; ++step) {
    for (COUNT i = 1; i < k; ++i)
      u[i] = 0.7 * u[i] + 0.2 * t * cos(u[i] * v[i]);
    if (step & 1)
      for (COUNT i = 0; i < k; ++i)
        v[i] = 0.7 * v[i] + 0.2 * t * cos(w[i] * u[i]);
    for (COUNT i = 2; i < k; ++i)
      u[i] = 0.8 * sin(w[i] * w[i + 1]);
    for (COUNT i = 1; i < k; ++i)
      w[i] = v[i] / (1.0 + w[i] * w[i]);
    if (k > 2)
      for (COUNT i = 0; i < k; ++i)
        w[i] = 0.8 * sin(v[i] * v[i + 1]);
  }
  for (long i = 0; i < 10; ++i)
    sum += 0.03 * (u[i] + v[i] + w[i]) * t;
  free(u);
  free(v);
  free(w);
  return sum;
}
