// Loops over points whose iterations are run again by the reverse sweep, beside
// loops that look alike but may not be: scratch that an iteration finds from
// the one before, that is filled in some iterations only, or read afterwards.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
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

static real replayed(real *x, real *y, real a, real b, long n, long m) {
  real r = a * mixture(x, y, n, m & 7) + b * mixture(y, x, 3, 0);
  r = r + read_afterwards(x, n) + carried(y, n);
  r = r + sometimes(x, n + 2) + partly(y, n, m & 3);
  x[1] = mixture(y, x, 2, 3);
  y[2] = read_afterwards(x, 0);
  return r * 0.01;
}

FUZZ_SINGLE(replayed)
