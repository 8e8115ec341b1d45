// Loops that pick one of their iterations, of which the reverse sweep runs that
// one alone (plugin/analysis/Winners.h), and loops that look alike but hand on
// more than their choice.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm -ffast-math
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm -DSPLIT
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm -DSECOND
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll \
// RUN:   -w -I%S/../fuzz/support
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK: winner.next{{.*}} = select
#include "single.h"

// The smallest distance, its square root kept from the winner.
static real nearest(real *x, real *y, long n, long k) {
  real sum = 0;
  for (long p = 0; p < n; ++p) {
    real least = 9;
    for (long c = 0; c < k; ++c) {
      real distance = 0.1;
      for (long i = 0; i < 3; ++i)
        distance = distance + (x[(p + i) & 7] - y[(c + i) & 7]) *
                                  (x[(p + i) & 7] - y[(c + i) & 7]);
      distance = sqrt(distance);
      least = distance < least ? distance : least;
    }
    sum = sum + least * least;
  }
  return sum;
}

// An inner loop of the winner needs what only the tape has.
static real inner_tape(real *x, real *y, long n, long k) {
  real most = y[0];
  for (long c = 0; c < n; ++c) {
    real product = 1;
    for (long i = 0; i < k; ++i)
      product = product * sin(x[(c + i) & 7] + y[i & 7]);
    if (most < product)
      most = product;
  }
  return most;
}

// The four ways to write it; the start may win.
static real extremes(real *x, real *y, long n) {
  real a = x[0], b = y[1], c = x[2] * x[3], d = 5.5 + y[0];
  for (long i = 0; i < n; ++i)
    a = fmax(a, x[i & 7] * y[i & 7]);
  for (long i = 0; i < n; ++i)
    b = fmax(sin(x[i & 7]), b);
  for (long i = 0; i < n; ++i)
    c = !(x[i & 7] < c) ? c : x[i & 7];
  for (long i = 0; i < n; ++i)
    d = x[i & 7] >= d ? x[i & 7] : d;
  return a * b + c * d;
}

// Several values by one decision, and a branch of its own.
static real with_payload(real *x, real *y, long n) {
  real best = -3, weight = x[1], extra = 0.5;
  for (long i = 0; i < n; ++i) {
    real score = x[i & 7] * y[(i + 1) & 7];
    if (score > best) {
      best = score;
      weight = y[i & 7];
      for (long j = 0; j < i; ++j)
        extra = weight * exp(x[j & 7] * score);
      extra = extra * 0.5;
    }
  }
  return best * weight + weight;
}

static real in_a_branch(real *x, real *y, long n) {
  real value = y[0];
  long most = -1;
  for (long i = 0; i < n; ++i) {
    long rank = (i * 5) & 7;
    if (rank > most) {
      most = rank;
      real power = 1;
      for (long j = 0; j <= i; ++j)
        power = power * exp(x[j & 7] * 0.3) / (2 + y[i & 7]);
      value = power;
    }
  }
  return value * value;
}

// Inside a loop of unknown length, and twice in one iteration of a known one.
static real in_other_loops(real *x, real *y, long n) {
  real sum = 0.1, total = 0;
  while (sum < n) {
    real most = sum;
    for (long i = 0; i < n; ++i)
      most = x[i & 7] * sum > most ? x[i & 7] * sum : most;
    sum = sum + 0.5 + most * most;
  }
  for (long p = 0; p < n; ++p) {
    real low = 2, high = -2;
    for (long i = 0; i < n; ++i)
      low = y[(i + p) & 7] < low ? y[(i + p) & 7] : low;
    for (long i = 0; i < n; ++i)
      high =
          exp(low * x[(i + p) & 7]) > high ? exp(low * x[(i + p) & 7]) : high;
    total = total + high * low;
  }
  return sum + total;
}

// What decides need not be a comparison.
static real last_odd(real *x, real *y, long n) {
  real value = x[0];
  for (long i = 0; i < n; ++i)
    value = i & 1 ? x[i & 7] * y[i & 7] : value;
  return value;
}

// The choice so far is used in each iteration.
static real running(real *x, real *y, long n) {
  real most = x[0], sum = 0, last = 0;
  for (long i = 0; i < n; ++i) {
    most = x[i & 7] > most ? x[i & 7] : most;
    sum = sum + most * y[i & 7];
    last = most * x[(i + 1) & 7];
  }
  return most + sum + last;
}

static real grows(real *x, long n) {
  real most = 0.1;
  for (long i = 0; i < n; ++i) {
    real v = most + x[i & 7] * x[i & 7];
    most = v * x[(i + 1) & 7] > most ? v * x[(i + 1) & 7] : most;
  }
  return most;
}

// Two choices, each its own; the second best.
static real two_choices(real *x, real *y, long n) {
  real low = x[0], high = y[0], first = -2, second = -3;
  for (long i = 0; i < n; ++i) {
    low = x[i & 7] < low ? x[i & 7] : low;
    high = y[i & 7] > high ? y[i & 7] : high;
  }
  for (long i = 0; i < n; ++i) {
    if (x[i & 7] > first) {
      second = first;
      first = x[i & 7];
    } else if (x[i & 7] > second) {
      second = x[i & 7];
    }
  }
  return low * high + first * second;
}

// Every iteration leaves something in memory, or the last one a value.
static real leaves_more(real *x, real *y, long n) {
  real t[8] = {}, most = -2, last = 0;
  for (long i = 0; i < n; ++i) {
    t[i & 7] = x[i & 7] * y[i & 7];
    most = t[i & 7] > most ? t[i & 7] : most;
  }
  for (long i = 0; i < n; ++i) {
    last = x[i & 7] * x[i & 7];
    most = last > most ? last : most;
  }
  return most * last + t[0] * t[1];
}

static real winners(real *x, real *y, real a, real b, long n, long m) {
  real r = a * nearest(x, y, n, m) + b * inner_tape(x, y, n, m);
  r = r + extremes(x, y, m) + extremes(y, x, n) + with_payload(x, y, n);
  r = r + with_payload(y, x, m) + in_a_branch(x, y, n) + in_a_branch(y, x, m);
  x[2] = in_other_loops(x, y, n) * 0.1 + last_odd(y, x, m);
  y[3] = running(x, y, n) + grows(y, n) * two_choices(x, y, m);
  y[4] = leaves_more(y, x, n) + last_odd(x, y, n) + two_choices(y, x, n);
  return r * 0.1;
}

#ifdef SPLIT
FUZZ_SINGLE_SPLIT(winners)
#elif defined(SECOND)
FUZZ_SINGLE_SECOND(winners)
#else
FUZZ_SINGLE(winners)
#endif
