// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "llsq.hpp"
#include "ask.hpp"

namespace bench::BENCH_VARIANT {

double llsq(int n, int m, const double *BENCH_RESTRICT x) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double t = -1 + i * 2.0 / (n - 1);
    double residual = t > 0 ? 1 : t < 0 ? -1 : 0;
    double power = 1;
    for (int j = 0; j < m; ++j) {
      residual -= x[j] * power;
      power *= t;
    }
    sum += residual * residual;
  }
  return sum / 2;
}

#ifdef BENCH_TERN
void llsq_by_tern(int n, int m, const double *x, double *d_x) {
  __enzyme_autodiff<void>((void *)llsq, enzyme_const, n, enzyme_const, m,
                          enzyme_dup, x, d_x);
}
#endif

} // namespace bench::BENCH_VARIANT
