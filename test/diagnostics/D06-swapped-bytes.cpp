// Two changes of byte order: the bits come back, but in between they were
// computed on. Forward mode lost the tangent.
// RUN: not %tern-clang++ -O2 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstring>

// CHECK: error: {{.*}}computed on as an integer in 'f(double)'{{.*}}[tern-D06]
double f(double x) {
  unsigned long bits;
  std::memcpy(&bits, &x, sizeof x);
  bits = __builtin_bswap64(bits) ^ 1;
  bits = __builtin_bswap64(bits ^ 1);
  unsigned char *p = (unsigned char *)&bits;
  for (int i = 0; i < 4; ++i) {
    unsigned char c = p[i];
    p[i] = p[7 - i];
    p[7 - i] = c;
  }
  std::memcpy(&x, &bits, sizeof x);
  return 3 * x;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
