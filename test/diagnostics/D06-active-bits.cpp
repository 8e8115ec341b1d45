// The exponent's bits of an active number are shifted: no rule can know why.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstring>

// CHECK: D06-active-bits.cpp:{{[0-9]+}}:{{.*}} error: {{.*}}computed on as an integer in 'f(double)'{{.*}}[tern-D06]
double f(double x) {
  long bits;
  std::memcpy(&bits, &x, sizeof x);
  bits = 0x5fe6eb50c7b537a9 - (bits >> 1);
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
