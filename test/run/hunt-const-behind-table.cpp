// Memory passed as Const that a table holds beside memory with a shadow, in
// functions that are not inlined: adjoints were added to the Const memory.
// RUN: %run-all-levels %s -w -lm
#include <cmath>
#include <cstdio>

extern int enzyme_dup, enzyme_const;
template <class R, class... T> R __enzyme_autodiff(void *, T...);

static double deep(double **table, long depth, double v) {
  if (depth == 0)
    return v;
  double next = v * 0.7 + table[depth & 3][depth & 1];
  double r = deep(table, depth - 1, next) + table[(depth + 1) & 3][0] * v;
  return r * table[depth & 1][1];
}
static double chosen(double *p, double *q, long depth) {
  if (depth == 0)
    return p[0] * q[1];
  return chosen(q, p, depth - 1) * (depth & 1 ? p : q)[depth & 1];
}
static double f(double *x, double *fixed, long n) {
  double *table[4] = {x, fixed, x + 1, fixed + 1};
  return deep(table, n, x[0]) + fixed[0] * fixed[1] * x[1] +
         chosen(table[n & 3], table[(n + 1) & 3], 3);
}

int main() {
  int bad = 0;
  for (long n = 0; n < 4; ++n)
    for (int i = 0; i < 3; ++i) {
      const double h = 1e-6;
      double x[3] = {1, 2, 3}, fixed[3] = {.5, .6, .7}, g[3] = {};
      x[i] += h;
      double up = f(x, fixed, n);
      x[i] -= 2 * h;
      double want = (up - f(x, fixed, n)) / (2 * h);
      x[i] += h;
      __enzyme_autodiff<void>((void *)f, enzyme_dup, x, g, enzyme_const, fixed,
                              enzyme_const, n);
      if (std::fabs(g[i] - want) > 1e-5 || fixed[0] != .5 || fixed[1] != .6) {
        std::printf("n %ld: got %g, want %g; fixed %g %g\n", n, g[i], want,
                    fixed[0], fixed[1]);
        bad = 1;
      }
    }
  return bad;
}
