// Half of the mantissa is cut off, and the number goes on as a float.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstring>

// CHECK: error: {{.*}}computed on as an integer in 'f(double)'{{.*}}[tern-D06]
double f(double x) {
  unsigned long bits;
  std::memcpy(&bits, &x, sizeof x);
  bits &= 0xffffffff00000000;
  std::memcpy(&x, &bits, sizeof x);
  return 3 * x;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
