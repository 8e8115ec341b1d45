// A callee without a body has no derivative, and none is made up.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

double unknown(double x);

// CHECK: D01-missing-body.cpp:[[@LINE+1]]:{{.*}} error: {{.*}}no derivative for call to 'unknown(double)' while differentiating 'f(double)'{{.*}}[tern-D01]
double f(double x) { return 2 * unknown(x); }

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
