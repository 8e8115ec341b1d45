// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reverse mode over a gradient of a function that keeps a buffer in a variable.
// RUN: not %tern-clang++ -std=c++20 -O0 -g -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O2 -g -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: %tern-clang++ -std=c++20 -O2 -DFORWARD %s -o %t && %t
#include "tern/tern.hpp"
#include <vector>

static std::vector<double> buffer;

static double cube(double x) {
  if (buffer.empty())
    buffer.resize(2);
  buffer[0] = x * x;
  return buffer[0] * x;
}
// CHECK: error: the derivative of a function with variables that hold pointers{{.*}}differentiating 'slope(double)' [tern-D08]; differentiate it in forward mode
static double slope(double x) { return tern::grad<cube>(x); }

int main() {
#ifdef FORWARD
  return tern::jvp<slope>(tern::Dual{2.0, 1.0}) != 12;
#else
  return tern::grad<slope>(2.0) != 12;
#endif
}
