// Memory passed as Const has no shadow to carry a derivative through.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

// CHECK: D07-active-const-memory.cpp:{{[0-9]+}}:{{.*}} error: {{.*}}stored in memory without a shadow{{.*}}[tern-D07]
double f(double x, double *scratch, int n) {
  for (int i = 0; i < n; ++i)
    scratch[i] = x * i;
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += scratch[i];
  return sum;
}

#ifdef FORWARD
double slope(double x, double *scratch) {
  return __enzyme_fwddiff((void *)f, x, 1.0, enzyme_const, scratch, 8);
}
#else
double slope(double x, double *scratch) {
  return __enzyme_autodiff((void *)f, x, enzyme_const, scratch, 8);
}
#endif
