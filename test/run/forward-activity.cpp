// Forward mode where only some memory has a shadow: constant arguments, and
// pointers that are active or not only at run time.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <vector>

static double dot(const double *a, const double *b, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += a[i] * b[i];
  return s;
}

static double choose(const double *a, const double *b, int which) {
  const double *p = opaque(which) ? a : b;
  return p[0] * p[1] + a[0] * b[0];
}

static void write_one(double *a, double *b, int which, double x) {
  double *p = opaque(which) ? a : b;
  for (int i = 0; i < 3; ++i)
    p[i] = x * (i + 1);
}

struct Fit {
  const double *samples; // constant
  double *weights;       // active
  int n;
};
NOINLINE static double evaluate(const Fit *f, int from) {
  if (from == f->n)
    return 0;
  return f->samples[from] * f->weights[from] + evaluate(f, from + 1);
}
static double through_struct(const double *samples, double *weights, int n) {
  Fit f{samples, weights, n};
  return evaluate(&f, 0);
}

static const double constants[4] = {1, 2, 3, 4};
static double table_or_argument(double *x, int n) {
  const double *rows[2] = {constants, x};
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += rows[opaque(i) % 2][i] * rows[1][i];
  return s;
}

NOINLINE static double sum(const double *p, int n) {
  return n == 0 ? 0 : p[n - 1] * p[n - 1] + sum(p, n - 1);
}
static double mixed_call(double *x, const double *c, int which) {
  return sum(opaque(which) ? x : c, 3) + sum(c, 3) * x[0];
}

static void output_only(const double *x, double *scratch, double *y) {
  // The scratch memory is constant and only written.
  for (int i = 0; i < 3; ++i) {
    scratch[i] = x[i] * x[i];
    y[i] = x[i] * 3;
  }
}

static double integers_in_shadow(const double *x, int n) {
  std::vector<int> order(n);
  std::vector<double> y(x, x + n);
  for (int i = 0; i < n; ++i)
    order[i] = (i * 5 + 2) % n;
  double s = 0;
  for (int i : order)
    s = s * 0.5 + y[i];
  return s;
}

/// The shadow of a struct has usable integers afterwards.
struct Sized {
  double *memory;
  long size;
};
static void resize(Sized *s, double x) {
  s->size = 2;
  s->memory[0] = x;
  s->memory[1] = x * x;
}

int main() {
  double a[3] = {1, 2, 3}, b[3] = {4, 5, 6}, t[3] = {1, 0.5, 2};
  check("dot left",
        __enzyme_fwddiff<double>((void *)dot, enzyme_dup, a, t, enzyme_const, b,
                                 enzyme_const, 3),
        4 + 2.5 + 12);
  check("dot right",
        __enzyme_fwddiff<double>((void *)dot, enzyme_const, a, enzyme_dup, b, t,
                                 enzyme_const, 3),
        1 + 1 + 6);
  check("choose active",
        __enzyme_fwddiff<double>((void *)choose, enzyme_dup, a, t, enzyme_const,
                                 b, enzyme_const, 1),
        2 + 0.5 + 4);
  check("choose inactive",
        __enzyme_fwddiff<double>((void *)choose, enzyme_dup, a, t, enzyme_const,
                                 b, enzyme_const, 0),
        4);
  for (int which = 0; which < 2; ++which) {
    double p[3] = {}, dp[3] = {9, 9, 9}, q[3] = {};
    __enzyme_fwddiff<void>((void *)write_one, enzyme_dup, p, dp, enzyme_const,
                           q, enzyme_const, which, enzyme_dup, 2.0, 1.0);
    for (int i = 0; i < 3; ++i) {
      check("write primal", which ? p[i] : q[i], 2.0 * (i + 1));
      check("write other", which ? q[i] : p[i], 0);
      check("write tangent", dp[i], which ? i + 1 : 9);
    }
  }
  check("through struct",
        __enzyme_fwddiff<double>((void *)through_struct, enzyme_const, a,
                                 enzyme_dup, b, t, enzyme_const, 3),
        1 + 1 + 6);
  double x[4] = {1, 2, 3, 4}, dx[4] = {1, 1, 1, 1};
  check("table or argument",
        __enzyme_fwddiff<double>((void *)table_or_argument, enzyme_dup, x, dx,
                                 enzyme_const, 4),
        1 + 4 + 3 + 8);
  check("mixed call active",
        __enzyme_fwddiff<double>((void *)mixed_call, enzyme_dup, a, t,
                                 enzyme_const, b, enzyme_const, 1),
        2 + 2 + 12 + 77);
  check("mixed call inactive",
        __enzyme_fwddiff<double>((void *)mixed_call, enzyme_dup, a, t,
                                 enzyme_const, b, enzyme_const, 0),
        77);
  double scratch[3], y[3], dy[3] = {7, 7, 7};
  __enzyme_fwddiff<void>((void *)output_only, enzyme_dup, a, t, enzyme_const,
                         scratch, enzyme_dup, y, dy);
  check("output", dy[1], 1.5);
  check("integers in shadow",
        __enzyme_fwddiff<double>((void *)integers_in_shadow, enzyme_dup, x, dx,
                                 enzyme_const, 4),
        1.875);
  double m[2], dm[2];
  Sized s{m, 0}, ds{dm, 0};
  __enzyme_fwddiff<void>((void *)resize, enzyme_dup, &s, &ds, enzyme_dup, 3.0,
                         1.0);
  check("size in the shadow", ds.size, 2);
  check("memory of the shadow", ds.memory[1], 6);
  return verdict();
}
