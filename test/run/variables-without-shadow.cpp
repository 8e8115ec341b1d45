// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is only written to variables without a shadow, or counted there, changes
// no derivative, and the variables hold what the primal leaves in them. (They
// were taken for their own shadows, and adjoints added to them.)
// RUN: %run-all-levels %s
// RUN: %tern-clang++ -std=c++20 -O2 -DDEFINITIONS -c %s -o %t.o
// RUN: %tern-clang++ -std=c++20 -O2 -DUSE %s %t.o -o %t && %t
#include "Inputs/near.h"
#include <cmath>
#include <tern/tern.hpp>
#include <vector>

#ifdef USE
extern double total, last[4];
extern int calls;
#else
TERN_INACTIVE double total, last[4];
TERN_INACTIVE int calls;
#endif

#ifndef DEFINITIONS
static double logged(const std::vector<double> &x) {
  double sum = 0;
  for (double v : x) {
#ifdef USE
    total = v * v;
#else
    total += v * v;
    if (total > 100)
      total = 0;
#endif
    last[calls++ & 3] = std::sin(v);
    sum += v * v * v;
  }
  return sum;
}

int main() {
  std::vector<double> x{1, 2, 3};
  auto g = tern::grad<logged>(x);
  for (int i = 0; i < 3; ++i)
    near(g[i], 3 * x[i] * x[i]);
#ifdef USE
  near(total, 9);
#else
  near(total, 14);
#endif
  near(last[2], std::sin(3.0));
  near(calls, 3);
  near(tern::jvp<logged>(tern::Dual{x, std::vector<double>{1, 1, 1}}), 42);
  near(calls, 6);
  return failures();
}
#endif
