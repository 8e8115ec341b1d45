// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// On optimised IR two ways lead to an inner loop, and on either of them k is
// not 0, where its count wraps around; no branch alone says so. The tape of the
// second derivative asked for 2^63 bytes.
// RUN: %tern-clang++ -O2 %s -o %t && %t
// RUN: %clang++ -O2 -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc && %clang++ -O0 %t.ad.bc -o %t -lm && %t
#include "Inputs/curvature-of-steps.h"
#include <cmath>
#include <cstdlib>

static double steps(double *x, long m) {
  long k = m & 7;
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
    if (k > 2)
      for (long i = 2; i < 7; ++i)
        v[i] = 0.7 * v[i] + 0.2 * t * cos(u[i] * u[i]);
    for (long i = 1; i < k + 1; ++i)
      u[i] = 0.4 * w[i + 1] + 0.3 * u[i];
    if (k > 2)
      for (long i = 2; i < k; ++i)
        u[i] = 0.8 * sin(u[i] * u[i + 1]);
    for (long i = 2; i < k + 1; ++i)
      u[i] = u[i] / (1.0 + w[i] * w[i]);
    if (step & 1)
      for (long i = 1; i < 7; ++i)
        u[i] = 0.7 * u[i] + 0.2 * t * cos(w[i] * w[i]);
  }
  for (long i = 0; i < 10; ++i)
    sum += 0.03 * (u[i] + v[i] + w[i]) * t;
  free(u);
  free(v);
  free(w);
  return sum;
}
