// A call through a pointer that no visible function can be behind.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

// CHECK: D04-indirect-call.cpp:[[@LINE+1]]:{{.*}} error: {{.*}}no derivative for a call through a pointer{{.*}}[tern-D04]
double f(double x, double (*g)(double, float)) { return g(x, 1.0f); }

#ifdef FORWARD
double slope(double x, double (*g)(double, float)) {
  return __enzyme_fwddiff((void *)f, x, 1.0, enzyme_const, g);
}
#else
double slope(double x, double (*g)(double, float)) {
  return __enzyme_autodiff((void *)f, x, enzyme_const, g);
}
#endif
