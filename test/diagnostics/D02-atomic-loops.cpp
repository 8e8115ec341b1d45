// A loop around compare-and-exchange has no derivative; the memory is active
// through it alone.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -g -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DMAXIMUM -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

// CHECK: D02-atomic-loops.cpp:{{[0-9]+}}:{{.*}} error: {{.*}}[tern-D0{{2|6}}]
double f(double x) {
  double s = 3;
#ifdef MAXIMUM
  __atomic_fetch_max(&s, x * x, __ATOMIC_RELAXED);
#else
  double old = s, next;
  do
    next = old * x;
  while (!__atomic_compare_exchange(&s, &old, &next, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED));
#endif
  return s;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
