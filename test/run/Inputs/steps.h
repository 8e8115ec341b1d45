// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Simulations: loops over time steps that start from the state that the step
// before left in memory.
#pragma once
#include "single.h"

static void slope(long n, real *x, real *y, real *out) {
  out[0] = 0.3 * x[0] * y[0];
  for (long i = 1; i < n; ++i)
    out[i] = x[i & 7] * y[i - 1] * y[i];
}

// Runge-Kutta with scratch; n may be 0 or 1.
static real runge_kutta(real *x, long n, long steps) {
  real *y = new real[n + 1], *middle = new real[n + 1];
  real *k1 = new real[n + 1], *k2 = new real[n + 1];
  for (long i = 0; i < n + 1; ++i)
    y[i] = x[(i + 3) & 7];
  for (long step = 0; step < steps; ++step) {
    slope(n, x, y, k1);
    for (long i = 0; i < n; ++i)
      middle[i] = y[i] + 0.05 * k1[i];
    slope(n, x, middle, k2);
    for (long i = 0; i < n; ++i)
      y[i] = y[i] + 0.1 * k2[i] * (1.0 + 0.1 * k1[i]);
  }
  real sum = 0;
  for (long i = 0; i < n + 1; ++i)
    sum = sum + y[i] * y[i];
  delete[] y;
  delete[] middle;
  delete[] k1;
  delete[] k2;
  return sum;
}

// Two arrays of state, and numbers: one carried on, one summed up.
static real leapfrog(real *x, long n, long steps) {
  real *at = new real[n + 2], *speed = new real[n + 2];
  for (long i = 0; i < n + 2; ++i) {
    at[i] = x[i & 7];
    speed[i] = 0.1 * x[(i + 1) & 7];
  }
  real damping = 0.9, energy = 0;
  for (long step = 0; step < steps; ++step) {
    real most = 0.1;
    for (long i = 1; i < n; ++i)
      speed[i] = damping * speed[i] -
                 0.1 * sin(at[i]) * cos(at[i - 1] * at[i + 1]) * exp(-at[i]);
    for (long i = 0; i < n; ++i) {
      at[i] = at[i] + 0.1 * speed[i] * exp(-speed[i] * speed[i]);
      most = most + speed[i] * speed[i] * at[i];
    }
    damping = damping / (1.0 + 0.01 * most * damping);
    energy = energy + most;
  }
  real sum = energy * damping;
  for (long i = 0; i < n + 2; ++i)
    sum = sum + at[i] * speed[i];
  delete[] at;
  delete[] speed;
  return sum;
}

// In place, with what the sweep has just written on one side.
static real stencil(real *x, long n, long sweeps) {
  real u[12];
  for (long i = 0; i < 12; ++i)
    u[i] = x[i & 7];
  for (long sweep = 0; sweep < sweeps; ++sweep)
    for (long i = 1; i < n; ++i)
      u[i] = sin(u[i - 1]) * u[i] / (1.0 + u[i + 1] * u[i + 1]) +
             0.1 * exp(-u[i] * u[i - 1]);
  real sum = 0;
  for (long i = 0; i < 12; ++i)
    sum = sum + u[i] * u[i];
  return sum;
}

// Until it is small enough.
static real until(real *x, long n) {
  real *y = new real[n + 1];
  for (long i = 0; i < n + 1; ++i)
    y[i] = 1.0 + x[i & 7] * x[i & 7];
  real rest = 0;
  long rounds = 0;
  do {
    rest = 0;
    for (long i = 0; i < n; ++i) {
      y[i] = y[i] / (1.0 + 0.3 * y[i] * exp(-y[i + 1] * 0.1)) * cos(0.1 * y[i]);
      rest = rest + y[i] * y[i];
    }
  } while (++rounds < 40 && rest > 0.3);
  real sum = rest;
  for (long i = 0; i < n + 1; ++i)
    sum = sum + y[i] * exp(y[i]);
  delete[] y;
  return sum;
}

// Leaves the loop in the middle of a step.
static real early(real *x, long n, long steps) {
  real *y = new real[n + 1];
  for (long i = 0; i < n + 1; ++i)
    y[i] = x[i & 7];
  for (long step = 0; step < steps; ++step) {
    real size = 0;
    for (long i = 0; i < n; ++i)
      size = size + y[i] * y[i];
    if (size > 30.0)
      break;
    for (long i = 0; i < n; ++i)
      y[i] = y[i] * exp(0.1 * y[i + 1]) + 0.2 * sin(y[i] * y[i + 1]);
  }
  real sum = 0;
  for (long i = 0; i < n + 1; ++i)
    sum = sum + y[i] * y[i];
  delete[] y;
  return sum;
}

// Two arrays that take turns.
static real turns(real *x, long n, long steps) {
  real *now = new real[n + 2], *next = new real[n + 2];
  for (long i = 0; i < n + 2; ++i)
    now[i] = next[i] = x[i & 7];
  for (long step = 0; step < steps; ++step) {
    for (long i = 1; i < n; ++i)
      next[i] = now[i] * cos(now[i - 1] * now[i + 1]) +
                0.1 * exp(-now[i] * now[i]) * sin(now[i + 1]);
    real *old = now;
    now = next;
    next = old;
  }
  real sum = 0;
  for (long i = 0; i < n + 2; ++i)
    sum = sum + now[i] * next[i];
  delete[] now;
  delete[] next;
  return sum;
}

// The caller sees what becomes of y.
static void outside(real *x, real *y, long n, long steps) {
  for (long step = 0; step < steps; ++step)
    for (long i = 1; i < n; ++i)
      y[i] = sin(y[i - 1]) * y[i] / (1.0 + x[i] * y[i] * y[i]);
}

// Steps that pick their state by an index read from memory.
static real indexed(real *x, long n, long steps) {
  real *y = new real[8];
  long *at = new long[n + 1];
  for (long i = 0; i < 8; ++i)
    y[i] = x[i];
  for (long i = 0; i < n + 1; ++i)
    at[i] = (5 * i + 1) & 7;
  for (long step = 0; step < steps; ++step)
    for (long i = 0; i < n; ++i)
      y[at[i]] = sin(y[at[i]] * y[at[i + 1]]) * exp(-y[at[i]]) * y[at[i]];
  real sum = 0;
  for (long i = 0; i < 8; ++i)
    sum = sum + y[i] * y[i];
  delete[] y;
  delete[] at;
  return sum;
}

// Two loops over one state, the second with the scratch of the first.
static real twice(real *x, long n, long steps) {
  real *y = new real[n + 1], *k = new real[n + 1];
  for (long i = 0; i < n + 1; ++i)
    y[i] = k[i] = x[i & 7];
  real sum = 0;
  for (long step = 0; step < steps; ++step) {
    for (long i = 0; i < n; ++i)
      k[i] = sin(y[i]) * exp(-y[i + 1]) * y[i];
    for (long i = 0; i < n; ++i)
      y[i] = y[i] + 0.1 * k[i] * k[i] / (1.0 + y[i] * y[i]);
  }
  for (long step = 0; step < steps; ++step)
    for (long i = 0; i < n; ++i)
      y[i] = y[i] * cos(y[i] * y[i + 1]) / (1.0 + k[i] * y[i] * y[i]);
  for (long i = 0; i < n + 1; ++i)
    sum = sum + y[i] * k[i];
  delete[] y;
  delete[] k;
  return sum;
}

static real steps(real *x, real *y, real a, real b, long n, long m) {
  long k = m & 7;
  real r = a * runge_kutta(x, k, n) + b * runge_kutta(y, 1, 2);
  r = r + runge_kutta(y, 0, n) + leapfrog(x, k, n) + stencil(y, k, n);
  r = r + until(y, k) + early(x, k, n + 2) + turns(y, k, n) + turns(x, 5, 3);
  outside(x, y, k, n);
  r = r + indexed(y, k, n & 3) + twice(x, k, n);
  x[1] = leapfrog(y, 4, 3);
  y[2] = stencil(x, 6, 2) + bounded(runge_kutta(x, 3, 0));
  return bounded(r * 0.01);
}
