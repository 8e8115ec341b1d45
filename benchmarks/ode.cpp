// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ode.hpp"
#include "ask.hpp"

namespace bench::BENCH_VARIANT {

static void slope(int n, const double *BENCH_RESTRICT x,
                  const double *BENCH_RESTRICT y, double *BENCH_RESTRICT out) {
  out[0] = x[0];
  for (int i = 1; i < n; ++i)
    out[i] = x[i] * y[i - 1];
}

/// out = y + h k
static void ahead(int n, double h, const double *BENCH_RESTRICT y,
                  const double *BENCH_RESTRICT k, double *BENCH_RESTRICT out) {
  for (int i = 0; i < n; ++i)
    out[i] = y[i] + h * k[i];
}

double ode(const OdeSizes *sizes, const double *BENCH_RESTRICT x) {
  const int n = sizes->n, steps = sizes->steps;
  const double h = 1.0 / steps;
  double *y = new double[n];
  double *middle = new double[n];
  double *k1 = new double[n];
  double *k2 = new double[n];
  double *k3 = new double[n];
  double *k4 = new double[n];
  for (int i = 0; i < n; ++i)
    y[i] = 0;

  for (int step = 0; step < steps; ++step) {
    slope(n, x, y, k1);
    ahead(n, h / 2, y, k1, middle);
    slope(n, x, middle, k2);
    ahead(n, h / 2, y, k2, middle);
    slope(n, x, middle, k3);
    ahead(n, h, y, k3, middle);
    slope(n, x, middle, k4);
    for (int i = 0; i < n; ++i)
      y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }

  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += y[i] * y[i];
  delete[] y;
  delete[] middle;
  delete[] k1;
  delete[] k2;
  delete[] k3;
  delete[] k4;
  return sum;
}

#ifdef BENCH_TERN
void ode_by_tern(const OdeSizes *sizes, const double *x, double *d_x) {
  __enzyme_autodiff<void>((void *)ode, enzyme_const, sizes, enzyme_dup, x, d_x);
}
#endif

} // namespace bench::BENCH_VARIANT
