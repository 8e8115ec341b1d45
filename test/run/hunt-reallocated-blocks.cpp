// A block that grows while it is filled is copied at its whole length, also
// where nothing was written yet: refused with D03 where the loop was unrolled.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
// RUN: %clang++ -O2 -std=c++20 -w -I%S/../fuzz/support -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc
// RUN: %clang++ -O1 %t.ad.bc -o %t -lm && %t
#include "single.h"

static real grows(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  long used = 0, room = 1;
  real *h = (real *)malloc(sizeof(real));
  for (long i = 0; i < 6; ++i) {
    if (used == room) {
      room *= 2;
      h = (real *)realloc(h, room * sizeof(real));
    }
    if (a * x[(m + i) & 7] > -0.3)
      h[used++] = 0.35 * a * x[i] + b;
  }
  for (long i = 0; i < used; ++i)
    y[i & 7] += h[i] * h[0];
  free(h);
  return acc + y[1];
}

// Unrolled, each block has one element that is written at a fixed place.
static real always_grows(real *x, real *y, real a, real b, long n, long m) {
  real acc = 0.0;
  for (long k = 0; k < 3; ++k) {
    long used = 0, room = 1;
    real *h = (real *)malloc(sizeof(real));
    for (long i = 0; i < 6; ++i) {
      if (used == room) {
        room *= 2;
        h = (real *)realloc(h, room * sizeof(real));
      }
      h[used++] = sin(x[i] * a + b);
    }
    for (long i = 0; i < used; ++i)
      acc += h[i] * h[0];
    free(h);
  }
  return acc * x[m];
}

#define main main_of_grows
FUZZ_SINGLE(grows)
#undef main
#define main main_of_always
FUZZ_SINGLE(always_grows)
#undef main
int main() { return main_of_grows() || main_of_always(); }
