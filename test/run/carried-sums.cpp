// Sums that go through inner loops: the iterations around them are run again by
// the reverse sweep (plugin/autodiff/CarriedSums.h), beside sums that look
// alike but are read, scaled or set anew on the way.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm -DSPLIT
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm -DSECOND
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll \
// RUN:   -w -I%S/../fuzz/support
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK: define {{.*}}iteration({{.*}}"tern_sum"
#include "single.h"

// Plain, with its value used afterwards, and with a product added.
static real pairs(real *x, real *y, long n, long m) {
  real sum = x[0], weighted = 0;
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j) {
      real d = x[i & 7] - y[j & 7];
      sum = sum + exp(-d * d);
    }
  for (long i = 0; i < n; ++i) {
    real norm = 0.1;
    for (long j = 0; j < m; ++j)
      norm = norm + sin(x[(i + j) & 7]) * y[j & 7];
    weighted = weighted + norm * norm;
  }
  return log(sum * sum + 1) + weighted;
}

// In a branch, in two loops one after the other, added and subtracted.
static real two_sums(real *x, real *y, long n, long m) {
  real up = 0, down = y[1];
  for (long i = 0; i < n; ++i) {
    for (long j = 0; j < m; ++j)
      if (x[(i + j) & 7] > 0.05)
        up = up + sin(x[(i + j) & 7]);
    for (long j = 0; j < i; ++j) {
      up = up - cos(y[j & 7]) * x[i & 7];
      down = down - up * 0 - exp(y[(j + i) & 7] * 0.3);
    }
    if (i & 1)
      down = down + tanh(x[i & 7]);
  }
  return up * down;
}

// Three deep; the outermost loop may not run.
static real three_deep(real *x, real *y, long n, long m) {
  real sum = 0;
  for (long i = 0; i < m; ++i)
    for (long j = 0; j < n; ++j) {
      real t = x[i & 7] * y[j & 7];
      for (long k = 0; k < 3; ++k) {
        t = sin(t + x[(j + k) & 7]);
        sum = sum + t;
      }
    }
  return sum + sum * x[7];
}

// Not only added to.
static real read_inside(real *x, real *y, long n, long m) {
  real sum = 0.3, other = 0;
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j) {
      sum = sum + x[(i + j) & 7] * 0.1;
      other = other + sin(sum * y[j & 7]);
    }
  return other;
}

static real decides(real *x, real *y, long n, long m) {
  real sum = 0;
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j)
      sum = sum + (sum > 0.7113 ? sin(x[j & 7]) * 0.2 : exp(y[i & 7]));
  return sum;
}

static real scaled(real *x, real *y, long n, long m) {
  real sum = y[0], doubled = x[0];
  for (long i = 0; i < n; ++i) {
    for (long j = 0; j < m; ++j) {
      sum = sum + sin(x[(i + j) & 7]);
      doubled = doubled + doubled + sin(y[j & 7]) * 0.1;
    }
    sum = sum * 0.9;
    doubled = doubled * 0.1;
  }
  return sum * doubled;
}

static real set_anew(real *x, real *y, long n, long m) {
  real sum = 0, flipped = 0.2;
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j) {
      sum = (i + j) % 3 == 2 ? y[j & 7] : sum + sin(x[(i + j) & 7]);
      flipped = sin(x[j & 7]) - flipped;
    }
  return sum * flipped;
}

// Every partial sum is kept.
static real prefix(real *x, real *y, long n, long m) {
  real t[8] = {}, sum = 0;
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j) {
      sum = sum + exp(x[(i + j) & 7] * 0.5);
      t[(i + j) & 7] = sum;
    }
  return t[1] * t[2] + sum;
}

// What the loops read stays as it is, or it could not be read again.
static real carried_sums(real *x, real *y, real a, real b, long n, long m) {
  real *u = new real[8], *v = new real[8];
  for (long i = 0; i < 8; ++i) {
    u[i] = x[i] * 0.9;
    v[i] = sin(y[i]);
  }
  real r = a * pairs(u, v, n, m) + b * two_sums(u, v, n, m);
  r = r + three_deep(u, v, n, m) + read_inside(v, u, n, m);
  y[5] = pairs(v, u, m, n) * 0.1 + decides(u, v, n, m) * 0.1;
  x[6] = bounded(scaled(u, v, n, m)) + bounded(set_anew(v, u, n, m));
  x[7] = prefix(u, v, n, m) * 0.1 + three_deep(v, u, m, n) * 0.1;
  delete[] u;
  delete[] v;
  return r * 0.1;
}

#ifdef SPLIT
FUZZ_SINGLE_SPLIT(carried_sums)
#elif defined(SECOND)
FUZZ_SINGLE_SECOND(carried_sums)
#else
FUZZ_SINGLE(carried_sums)
#endif
