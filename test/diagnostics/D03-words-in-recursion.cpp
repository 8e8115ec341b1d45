// A recursion that moves doubles as words: that its loads are of integers does
// not say that no derivative passes there.
// RUN: not %tern-clang++ -O0 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstring>

// CHECK: D03-words-in-recursion.cpp:[[@LINE+1]]:{{.*}} error: {{.*}}cannot tell whether 8 bytes moved{{.*}}[tern-D03]
void move_words(char *to, const char *from, long n) {
  if (n == 0)
    return;
  unsigned long word;
  std::memcpy(&word, from + 8 * n - 8, 8);
  std::memcpy(to + 8 * n - 8, &word, 8);
  move_words(to, from, n - 1);
}

double f(const double *x) {
  double t[4], sum = 0;
  move_words((char *)t, (const char *)x, 4);
  for (double v : t)
    sum += v * v;
  return sum;
}

void slope(const double *x, double *d_x) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, d_x);
}
