// A struct that is passed to a variadic function by value.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstdarg>

struct Point {
  double x, y, z;
};

__attribute__((noinline)) double sum(int n, ...) {
  va_list list;
  va_start(list, n);
  double total = 0;
  for (int i = 0; i < n; ++i)
    total += va_arg(list, Point).x;
  va_end(list);
  return total;
}

// CHECK: D08-unsupported-flow.cpp:[[@LINE+1]]:{{.*}} error: {{.*}}is not supported while differentiating 'f(double)'{{.*}}[tern-D08]
double f(double x) { return sum(1, Point{x, 3 * x, x}); }

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
