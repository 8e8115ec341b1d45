// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "det.hpp"
#include "ask.hpp"

namespace bench::BENCH_VARIANT {

/// Of the last `left` rows, restricted to `left` columns.
static double minor(int n, int left, const double *BENCH_RESTRICT a,
                    const int *BENCH_RESTRICT columns) {
  const double *row = &a[(n - left) * n];
  if (left == 1)
    return row[columns[0]];
  int others[32];
  for (int i = 1; i < left; ++i)
    others[i - 1] = columns[i];
  double sum = 0, sign = 1;
  for (int i = 0; i < left; ++i) {
    sum += sign * row[columns[i]] * minor(n, left - 1, a, others);
    others[i] = columns[i];
    sign = -sign;
  }
  return sum;
}

double det(int n, const double *BENCH_RESTRICT a) {
  int columns[32];
  for (int i = 0; i < n; ++i)
    columns[i] = i;
  return minor(n, n, a, columns);
}

#ifdef BENCH_TERN
void det_by_tern(int n, const double *a, double *d_a) {
  __enzyme_autodiff<void>((void *)det, enzyme_const, n, enzyme_dup, a, d_a);
}
#endif

} // namespace bench::BENCH_VARIANT
