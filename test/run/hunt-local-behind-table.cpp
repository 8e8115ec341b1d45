// Local memory whose address enters a table after the first store through the
// table: it needs a shadow. Its part of the gradient was lost.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real behind(real *x, real *y, real a, real b, long n, long m) {
  double local[4] = {1, 2, 3, 4};
  double *table[4] = {x, y, x + 2, y + 2};
  for (long i = 0; i < n + 2; ++i) {
    table[(i + n) & 3][i & 1] = x[1] * x[2] + a;
    table[(i + m) & 3] = local + (i & 1);
  }
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += local[i] * x[i] + table[i][0] * table[3 - i][1];
  return s;
}

FUZZ_SINGLE(behind)
