// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call that carries no derivative writes numbers that the program reads:
// globals, memory behind a pointer in a struct, what its callees reach, the
// libraries' own variables. The reverse sweep needs each iteration's.
// RUN: %run-all-levels %s -lm
#include "Inputs/near.h"
#include <cerrno>
#include <cmath>
#include <tern/tern.hpp>

static double weight, *behind;

struct View {
  double *at;
};

TERN_INACTIVE void bump() { weight += 1; }
TERN_INACTIVE void bumpThrough(View *v) { *v->at += 1; }
TERN_INACTIVE __attribute__((noinline)) void bumpKept() { *behind += 1; }
static __attribute__((noinline)) void step() { weight += 1; }
TERN_INACTIVE void bumpDeep() { step(); }
TERN_INACTIVE double next(double *state) { return *state = *state * 3 + 1; }

static double global(double x, int n) {
  double sum = weight = 0;
  for (int i = 0; i < n; ++i) {
    bump();
    sum += weight * x * x;
  }
  return sum;
}

static double deep(double x, int n) {
  double sum = weight = 0;
  for (int i = 0; i < n; ++i) {
    bumpDeep();
    sum += weight * x * x;
  }
  return sum;
}

static double member(double x, int n) {
  double w = 0, sum = 0;
  View v{&w};
  for (int i = 0; i < n; ++i) {
    bumpThrough(&v);
    sum += w * x * x;
  }
  return sum;
}

static double kept(double x, int n) {
  double w = 0, sum = 0;
  behind = &w;
  for (int i = 0; i < n; ++i) {
    bumpKept();
    sum += w * x * x;
  }
  return sum;
}

static double argument(double x, int n) {
  double state = 1, sum = 0;
  for (int i = 0; i < n; ++i) {
    next(&state);
    sum += state * x * x;
  }
  return sum;
}

/// The call is in a function that is not inlined.
static double recursive(double x, int n) {
  if (n == 0)
    return 0;
  bump();
  double sum = weight * x * x;
  return sum + recursive(x, n - 1);
}

static double restarted(double x, int n) {
  weight = 0;
  return recursive(x, n);
}

static double signs(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    double y = std::lgamma(x - i);
    sum += signgam * x * x + 0 * y;
  }
  return sum;
}

static double errors(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    errno = i;
    bump();
    sum += (errno + 1) * x * x;
  }
  return sum;
}

template <auto F> static void check(double x, int n, double want) {
  near(tern::grad<F>(x, n), want);
  near(tern::jvp<F>(tern::Dual{x, 1.0}, n), want);
}

int main() {
  check<global>(1.5, 4, 30);
  check<deep>(1.5, 4, 30);
  check<member>(1.5, 4, 30);
  check<kept>(1.5, 4, 30);
  check<argument>(1.5, 3, 3 * (4 + 13 + 40));
  check<restarted>(1.5, 4, 30);
  check<signs>(2.25, 6, 4.5 * 2); // + + + - + -
  check<errors>(1.5, 4, 30);
  return failures();
}
