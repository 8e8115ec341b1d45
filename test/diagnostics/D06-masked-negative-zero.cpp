// Two vectors of which each is -0.0 where the other has a value: their bits,
// joined, are no choice between the values, for a sign comes on top.
// RUN: not %tern-clang++ -O0 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"

typedef double pair __attribute__((vector_size(16)));
typedef long bits __attribute__((vector_size(16)));

// CHECK: error: {{.*}}computed on as an integer in 'f(double)'{{.*}}[tern-D06]
double f(double x) {
  pair v = {x, x * x}, none = {-0.0, -0.0};
  bits large = v > 2.0;
  pair a = large ? v * v : none, b = large ? none : v;
  pair joined = (pair)((bits)a | (bits)b);
  return joined[0] + joined[1];
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
