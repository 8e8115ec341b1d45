// Inline assembly has no rule.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

double f(double x) {
  double y;
  // CHECK: D02-unknown-instruction.cpp:{{[0-9]+}}:{{.*}} error: {{.*}}no derivative rule for instruction '{{.*}}' while differentiating 'f(double)'{{.*}}[tern-D02]
  asm("sqrtsd %1, %0" : "=x"(y) : "x"(x));
  return y;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
