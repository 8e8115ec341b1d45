// The distance of two objects, added to an address in the one, gives one in the
// other: no shadow follows.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

// CHECK: D02-distance-of-objects.cpp:{{[0-9]+}}:{{.*}} error: {{.*}}[tern-D0{{2|6}}]
double f(double x) {
  double a[2] = {x, x}, b[2] = {x * x, x * x * x}, *p = a + 1;
  unsigned long d = (unsigned long)b - (unsigned long)a;
  p = (double *)((unsigned long)p + d);
  return *p;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
