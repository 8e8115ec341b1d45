// The remark says how many bytes the record sweep keeps, where and why; only
// when asked for.
// RUN: %tern-clang++ -O2 -g -Rpass-analysis=tern -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: %tern-clang++ -O2 -g -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
#include "Inputs/ask.h"
#include <cmath>

// CHECK: R01-records.cpp:{{[0-9]+}}:{{.*}} remark: {{.*}}records {{.*}} in 'f(double, int)'{{.*}}[tern-R01]
// QUIET-NOT: remark
double f(double x, int n) {
  for (int i = 0; i < n; ++i)
    x = std::sin(x) * x;
  return x;
}

double slope(double x, int n) { return __enzyme_autodiff((void *)f, x, n); }
