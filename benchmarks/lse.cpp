// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lse.hpp"
#include "ask.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

double lse(int n, const double *BENCH_RESTRICT x) {
  double largest = x[0];
  for (int i = 1; i < n; ++i)
    largest = x[i] > largest ? x[i] : largest;
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += exp(x[i] - largest);
  return log(sum) + largest;
}

#ifdef BENCH_TERN
void lse_by_tern(int n, const double *x, double *d_x) {
  __enzyme_autodiff<void>((void *)lse, enzyme_const, n, enzyme_dup, x, d_x);
}
#endif

} // namespace bench::BENCH_VARIANT
