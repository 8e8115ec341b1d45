// Forward over reverse: the Hessian along a direction is symmetric and equals
// forward over forward; the gradient's primal outputs stay.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <cstdlib>

extern int enzyme_out;
template <class Result, class... Args>
Result __enzyme_autodiff(void *, Args...);

static double energy(const double *x, int n) {
  double s = 0;
  for (int i = 0; i + 1 < n; ++i)
    s += std::exp(x[i] * x[i + 1]) + std::sin(x[i]) * x[n - 1];
  return s;
}
static double in_place(const double *x, int n) {
  double *a = static_cast<double *>(std::malloc(n * sizeof(double)));
  for (int i = 0; i < n; ++i)
    a[i] = x[i];
  for (int k = 0; k < 3; ++k)
    for (int i = 1; i < n; ++i)
      a[i] = a[i] * a[i - 1] + 0.1 * a[i];
  double s = 0;
  while (s < 20 && n-- > 0)
    s += a[n] * a[n] + 1;
  std::free(a);
  return s;
}
NOINLINE static double recurse(const double *x, int n) {
  return n == 0 ? 1.0 : x[0] * x[0] * recurse(x + 1, n - 1) + std::sqrt(x[0]);
}
static double recursive(const double *x, int n) { return recurse(x, n); }
static double scalar(double x, double y) {
  return std::pow(x, y) * std::sin(x);
}

typedef double (*Function)(const double *, int);
template <Function F> static void gradient(const double *x, double *g, int n) {
  for (int i = 0; i < n; ++i)
    g[i] = 0;
  __enzyme_autodiff<void>((void *)F, enzyme_dup, x, g, enzyme_const, n);
}
template <Function F>
static double along(const double *x, const double *u, int n) {
  return __enzyme_fwddiff<double>((void *)F, enzyme_dup, x, u, enzyme_const, n);
}
template <Function F>
static double twice(const double *x, const double *u, const double *v, int n) {
  return __enzyme_fwddiff<double>((void *)along<F>, enzyme_dup, x, v,
                                  enzyme_const, u, enzyme_const, n);
}
template <Function F> static void laws(const char *name) {
  constexpr int n = 4;
  double x[n] = {0.5, 0.7, 0.3, 0.9}, u[n] = {1, -2, 0.5, 0.25},
         v[n] = {0.3, 1, -0.7, 2};
  double g[n] = {}, hu[n] = {}, hv[n] = {};
  gradient<F>(x, g, n);
  double dot = 0;
  for (int i = 0; i < n; ++i)
    dot += g[i] * u[i];
  std::printf("%s\n", name);
  check("forward is reverse", along<F>(x, u, n), dot, 1e-13);
  __enzyme_fwddiff<void>((void *)gradient<F>, enzyme_dup, x, u, enzyme_dup, g,
                         hu, enzyme_const, n);
  __enzyme_fwddiff<void>((void *)gradient<F>, enzyme_dup, x, v, enzyme_dup, g,
                         hv, enzyme_const, n);
  double uhv = 0, vhu = 0;
  for (int i = 0; i < n; ++i) {
    uhv += u[i] * hv[i];
    vhu += v[i] * hu[i];
  }
  check("symmetric", uhv, vhu, 1e-12);
  check("forward over forward", twice<F>(x, u, v, n), uhv, 1e-12);
}

struct Gradient {
  double x, y;
};
static double scalar_x(double x, double y) {
  return __enzyme_autodiff<Gradient>((void *)scalar, enzyme_out, x, enzyme_out,
                                     y)
      .x;
}

int main() {
  laws<energy>("energy");
  laws<in_place>("in place");
  laws<recursive>("recursive");
  check("scalar",
        __enzyme_fwddiff<double>((void *)scalar_x, enzyme_dup, 1.3, 1.0,
                                 enzyme_dup, 0.7, 0.0),
        slope([](double e) { return scalar_x(1.3 + e, 0.7); }, 1e-3), 1e-8);
  return verdict();
}
