// Forward over forward: second and third derivatives.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <vector>

static double f(double x) {
  return std::sin(x) * std::exp(2 * x) / (1 + x * x);
}
static double df(double x) {
  return __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, 1.0);
}
static double ddf(double x) {
  return __enzyme_fwddiff<double>((void *)df, enzyme_dup, x, 1.0);
}
static double dddf(double x) {
  return __enzyme_fwddiff<double>((void *)ddf, enzyme_dup, x, 1.0);
}

NOINLINE static void smooth(double *a, int n) {
  for (int i = 1; i < n; ++i)
    a[i] += a[i] * a[i - 1];
  if (n > 2)
    smooth(a, n - 1);
}
static double g(const double *x, int n) {
  std::vector<double> a(x, x + n);
  smooth(a.data(), n);
  double s = 0;
  for (double v : a)
    s += std::sqrt(1 + v * v);
  return s;
}
static double along(const double *x, const double *u, int n) {
  return __enzyme_fwddiff<double>((void *)g, enzyme_dup, x, u, enzyme_const, n);
}
static double twice(const double *x, const double *u, const double *v, int n) {
  return __enzyme_fwddiff<double>((void *)along, enzyme_dup, x, v, enzyme_const,
                                  u, enzyme_const, n);
}

int main() {
  double x = 0.6;
  check("first", df(x), slope([&](double e) { return f(x + e); }, 1e-3), 1e-9);
  check("second", ddf(x), slope([&](double e) { return df(x + e); }, 1e-3),
        1e-9);
  check("third", dddf(x), slope([&](double e) { return ddf(x + e); }, 1e-3),
        1e-9);
  double p[4] = {0.1, 0.7, -0.3, 0.5}, u[4] = {1, 2, -1, 0.5},
         v[4] = {0.3, -1, 0.2, 2};
  check("symmetric", twice(p, u, v, 4), twice(p, v, u, 4), 1e-13);
  check("second of memory", twice(p, u, v, 4),
        slope(
            [&](double e) {
              double q[4];
              for (int i = 0; i < 4; ++i)
                q[i] = p[i] + e * v[i];
              return along(q, u, 4);
            },
            1e-3),
        1e-8);
  return verdict();
}
