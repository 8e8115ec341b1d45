// Loops over points whose iterations are run again by the reverse sweep, beside
// loops that look alike but may not be: scratch that an iteration finds from
// the one before, that is filled in some iterations only, or read afterwards.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll \
// RUN:   -w -I%S/../fuzz/support
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK: call {{.*}}iteration.grad(
#include "single.h"

// Scratch filled in an inner loop and read in later ones; k may be 0.
static real mixture(real *x, real *y, long n, long k) {
  real *terms = new real[k + 1], *centred = new real[4];
  terms[0] = 0.25;
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long c = 0; c < k; ++c) {
      for (long i = 0; i < 4; ++i)
        centred[i] = x[(p + i) & 7] - y[(c + i) & 7];
      real distance = 0;
      for (long i = 0; i < 4; ++i)
        distance = distance + centred[i] * centred[i] * 0.1;
      terms[c] = y[c & 7] - distance;
    }
    real largest = terms[0];
    for (long c = 1; c < k; ++c)
      largest = terms[c] > largest ? terms[c] : largest;
    real total = 0.1;
    for (long c = 0; c < k; ++c)
      total = total + exp(terms[c] - largest);
    sum = sum + log(total) + largest;
  }
  delete[] terms;
  delete[] centred;
  return sum;
}

// The last iteration's scratch is read after the loop.
static real read_afterwards(real *x, long n) {
  real *t = new real[4];
  for (long i = 0; i < 4; ++i)
    t[i] = 0.5;
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long i = 0; i < 4; ++i)
      t[i] = sin(x[(p + i) & 7]);
    for (long i = 0; i < 4; ++i)
      sum = sum + t[i] * t[3 - i];
  }
  sum = sum + t[1] * t[2];
  delete[] t;
  return sum;
}

// An iteration starts from what the one before left.
static real carried(real *x, long n) {
  real *t = new real[4];
  for (long i = 0; i < 4; ++i)
    t[i] = x[i];
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long i = 0; i < 4; ++i)
      sum = sum + t[i] * t[i];
    for (long i = 0; i < 4; ++i)
      t[i] = 0.5 * t[3 - i] + 0.1 * x[(p + i) & 7];
  }
  delete[] t;
  return sum;
}

// Only some iterations fill the scratch; the others see older values.
static real sometimes(real *x, long n) {
  real t[4] = {0.1, 0.2, 0.3, 0.4};
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    if (p & 1)
      for (long i = 0; i < 4; ++i)
        t[i] = x[(p + i) & 7] * 0.7;
    for (long i = 0; i < 4; ++i)
      sum = sum + t[i] * x[i];
  }
  return sum;
}

// Filled short of what is read.
static real partly(real *x, long n, long k) {
  real t[8] = {0.5, 0.4, 0.3, 0.2, 0.1, 0.6, 0.7, 0.8};
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long i = 0; i < k; ++i)
      t[i] = x[(p + i) & 7] * t[7];
    for (long i = 0; i <= k; ++i)
      sum = sum + t[i] * t[i];
    t[k & 7] = 0.3 * x[p & 7];
  }
  return sum;
}

// The scratch of the last iteration is read by the iterations of another loop.
static real read_by_others(real *x, long n, long k) {
  real *t = new real[8];
  for (long i = 0; i < 8; ++i)
    t[i] = 0.5;
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    for (long c = 0; c < k; ++c)
      t[c] = exp(sin(x[(p + c) & 7]));
    real total = 0.1;
    for (long c = 0; c < k; ++c)
      total = total + exp(t[c]);
    sum = sum + log(total);
  }
  for (long p = 0; p < n; ++p) {
    real total = 0.1;
    for (long c = 0; c < k; ++c)
      total = total + exp(t[c] * x[(p + c) & 7]);
    sum = sum + log(total);
  }
  delete[] t;
  return sum;
}

static real replayed(real *x, real *y, real a, real b, long n, long m) {
  // What the loops read stays as it is, or it could not be read again.
  real *u = new real[8], *v = new real[8];
  for (long i = 0; i < 8; ++i) {
    u[i] = x[i] * 0.9;
    v[i] = sin(y[i]);
  }
  real r = a * mixture(u, v, n, m & 7) + b * mixture(v, u, 3, 0);
  r = r + read_afterwards(u, n) + carried(v, n);
  r = r + sometimes(u, n + 2) + partly(v, n, m & 3);
  r = r + read_by_others(u, n, m & 7);
  x[1] = mixture(v, u, 2, 3);
  y[2] = read_afterwards(u, 0);
  delete[] u;
  delete[] v;
  return r * 0.01;
}

FUZZ_SINGLE(replayed)
