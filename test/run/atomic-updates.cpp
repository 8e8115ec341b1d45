// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomic sums and exchanges carry derivatives, on locals and on the heap; what
// they are fed may be all that makes the memory active.
// RUN: %run-all-levels %s -lm
#include "Inputs/near.h"
#include <atomic>
#include <cstdlib>
#include <tern/tern.hpp>

static double sum(double x, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    __atomic_fetch_add(&s, x * x * i, __ATOMIC_RELAXED);
  return s;
}

static double oldValues(double x, int n) {
  double s = x, olds = 0;
  for (int i = 0; i < n; ++i)
    olds += i * __atomic_fetch_sub(&s, x * x, __ATOMIC_SEQ_CST);
  return olds * s;
}

static double heap(double x, int n) {
  double *p = static_cast<double *>(std::calloc(2, sizeof(double)));
  for (int i = 0; i < n; ++i)
    __atomic_fetch_add(p + (i & 1), x * x * i, __ATOMIC_RELAXED);
  double r = p[0] * p[1];
  std::free(p);
  return r;
}

static double exchange(double x, int n) {
  std::atomic<double> s = x;
  double old = 0;
  for (int i = 1; i <= n; ++i)
    old += s.exchange(x * i);
  return old * s.load();
}

static double discarded(double x, int n) {
  std::atomic<double> s = x;
  (void)s.exchange(n); // a constant: the new adjoint is nobody's
  return s.load() * x;
}

static float single(float x, int n) {
  std::atomic<float> s = 0;
  float old = 0;
  for (int i = 0; i < n; ++i)
    old += s.exchange(x * x);
  return old;
}

static std::atomic<int> calls;
static double counted(double x, int) {
  calls++;
  return x * x;
}

template <auto F> static void check(double x, int n, double want) {
  near(tern::grad<F>(x, n), want);
  near(tern::jvp<F>(tern::Dual{x, 1.0}, n), want);
}

int main() {
  check<sum>(2, 4, 24);
  // (3 x - 5 x^2) (x - 3 x^2): 0 + (x - x^2) + 2 (x - 2 x^2)
  check<oldValues>(2, 3, 6 * 2 - 42 * 4 + 60 * 8);
  check<heap>(2, 4, 2 * 4 * 4 * 8);
  // (x + x + 2 x) 3 x
  check<exchange>(2, 3, 48);
  check<discarded>(2, 5, 5);
  near(tern::grad<single>(2.0f, 3), 8);
  near(tern::jvp<single>(tern::Dual{2.0f, 1.0f}, 3), 8);
  check<counted>(2, 0, 4);
  near(calls, 2);
  return failures();
}
