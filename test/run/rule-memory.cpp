// RUN: %run-all-levels %s
// Rules for functions that take memory: local arrays and vectors as outputs,
// vectors of the caller, tables of constants. The factor 7 shows that the rule
// was called.
#include "Inputs/near.h"
#include <tern/tern.hpp>
#include <vector>

__attribute__((noinline)) static void axpy(double a, const double *x, double *y,
                                           int n) {
  for (int i = 0; i < n; ++i)
    y[i] += a * x[i];
}
static void *axpy_record(double a, const double *x, const double *, double *y,
                         double *, int n) {
  axpy(a, x, y, n);
  return nullptr;
}
static double axpy_reverse(double a, const double *x, double *x_adj, double *,
                           double *y_adj, int n, void *) {
  double a_adj = 0;
  for (int i = 0; i < n; ++i) {
    a_adj += 7 * x[i] * y_adj[i];
    x_adj[i] += a * y_adj[i];
  }
  return a_adj;
}
TERN_GRADIENT(axpy, axpy_record, axpy_reverse);
static void axpy_jvp(double a, double a_tan, const double *x,
                     const double *x_tan, double *y, double *y_tan, int n) {
  for (int i = 0; i < n; ++i) {
    y_tan[i] += 7 * a_tan * x[i] + a * x_tan[i];
    y[i] += a * x[i];
  }
}
TERN_DERIVATIVE(axpy, axpy_jvp);

// A rule whose tape holds the shadows, and which BLAS would recognise: words
// and sizes by address.
__attribute__((noinline)) static double dot(const char *how, const int *n,
                                            const double *x, const double *y) {
  double sum = 0;
  for (int i = 0; i < *n; ++i)
    sum += (*how == 'N' ? 1 : 2) * x[i] * y[i];
  return sum;
}
struct dot_tape {
  double scale;
  int n;
  const double *x, *y;
  double *x_adj, *y_adj;
};
struct dot_recorded {
  dot_tape *tape;
  double result;
};
static dot_recorded dot_record(const char *how, const char *, const int *n,
                               const int *, const double *x, double *x_adj,
                               const double *y, double *y_adj) {
  auto *tape = new dot_tape{*how == 'N' ? 7. : 14., *n, x, y, x_adj, y_adj};
  return {tape, dot(how, n, x, y)};
}
static void dot_reverse(const char *, const char *, const int *, const int *,
                        const double *, double *, const double *, double *,
                        double adj, dot_tape *t) {
  for (int i = 0; i < t->n; ++i) {
    t->x_adj[i] += t->scale * adj * t->y[i];
    t->y_adj[i] += t->scale * adj * t->x[i];
  }
  delete t;
}
TERN_GRADIENT(dot, dot_record, dot_reverse);
static double dot_jvp(const char *how, const char *, const int *n, const int *,
                      const double *x, const double *x_tan, const double *y,
                      const double *y_tan) {
  double sum = 0;
  for (int i = 0; i < *n; ++i)
    sum += (*how == 'N' ? 7 : 14) * (x_tan[i] * y[i] + x[i] * y_tan[i]);
  return sum;
}
TERN_DERIVATIVE(dot, dot_jvp);

using numbers = std::vector<double>;

static double to_array(double a, const numbers &x) {
  double y[2] = {};
  axpy(a, x.data(), y, 2);
  return y[0] + y[1];
}
static double to_vector(double a, const numbers &x) {
  numbers y(x.size());
  axpy(a, x.data(), y.data(), static_cast<int>(x.size()));
  axpy(a, x.data(), y.data(), static_cast<int>(x.size()));
  double sum = 0;
  for (double each : y)
    sum += each;
  return sum;
}
static double from_pointer(double a, const double *x) {
  double y[2] = {};
  axpy(a, x, y, 2);
  return y[0] + y[1];
}

static const double table[4] = {100, 1, 2, 200};
static double from_table(double a) {
  double y[2] = {};
  for (int i = 0; i < 3; ++i)
    axpy(a, table + 1, y, 2);
  return y[0] + 10 * y[1];
}
static double from_part(double a, int start) {
  double y[2] = {a, a};
  axpy(a, table + start, y, 2);
  return y[0] + 10 * y[1];
}
static double words(double a, double b) {
  int n = 2;
  double x[2] = {a, b};
  return dot("N", &n, x, table + 1) + dot("T", &n, x, x);
}

// Not inlined, for which pointers may lack a shadow.
static double recursive(int depth, double a, const double *x, double *y) {
  if (depth)
    return recursive(depth - 1, a, x, y) + y[0];
  axpy(a, x, y, 2);
  return y[1];
}
static double through_recursion(double a, const numbers &x) {
  double y[2] = {};
  return recursive(1, a, x.data(), y);
}
static double sometimes_empty(double a, const numbers &x, const numbers &none) {
  numbers y(x.size());
  axpy(a, x.data(), y.data(), static_cast<int>(x.size()));
  axpy(a, none.data(), y.data(), static_cast<int>(none.size()));
  return y[0] + y[1];
}

int main() {
  const numbers x = {1, 2}, none;
  numbers x_tan = {0, 0};
  auto check = [&](auto got, double a, double x1) {
    near(std::get<0>(got), a);
    near(std::get<1>(got)[1], x1);
  };
  check(tern::grad<to_array>(2.0, x), 21, 2);
  check(tern::grad<to_vector>(2.0, x), 42, 4);
  check(tern::grad<through_recursion>(2.0, x), 21, 2);
  check(tern::grad<sometimes_empty>(2.0, x, none), 21, 2);
  double p[2] = {1, 2}, dp[2] = {};
  near(tern::grad<from_pointer>(2.0, tern::Duplicated{&p[0], &dp[0]}), 21);
  near(dp[1], 2);
  near(tern::grad<from_table>(2.0), 3 * 7 * 21);
  near(tern::grad<from_table>(2.0), 3 * 7 * 21);
  near(tern::grad<from_part>(2.0, 1), 7 * 21 + 11);
  near(tern::grad<from_part>(2.0, 2), 7 * 2002 + 11);
  auto [da, db] = tern::grad<words>(3.0, 5.0);
  near(da, 7 * 1 + 28 * 3);
  near(db, 7 * 2 + 28 * 5);
  auto [value, back] = tern::vjp<words>(3.0, 5.0);
  near(std::get<1>(back(2.0)), 2 * (7 * 2 + 28 * 5));
  auto [value2, back2] = tern::vjp<from_part>(2.0, 2);
  near(back2(1.0), 7 * 2002 + 11);
  auto bent = tern::hessian<words>(3.0, 5.0);
  near(bent(0, 0), 28);

  const tern::Dual a{2.0, 1.0}, still{2.0, 0.0};
  numbers dir = {0, 1}, empty;
  near(tern::jvp<to_array>(a, tern::Dual{x, x_tan}), 21);
  near(tern::jvp<to_array>(still, tern::Dual{x, dir}), 2);
  near(tern::jvp<to_vector>(a, tern::Dual{x, x_tan}), 42);
  near(tern::jvp<to_vector>(still, tern::Dual{x, dir}), 4);
  near(tern::jvp<through_recursion>(a, tern::Dual{x, x_tan}), 21);
  near(tern::jvp<sometimes_empty>(a, tern::Dual{x, dir},
                                  tern::Dual{none, empty}),
       23);
  near(tern::jvp<from_table>(a), 3 * 7 * 21);
  near(tern::jvp<from_part>(a, 1), 7 * 21 + 11);
  near(tern::jvp<from_part>(a, 2), 7 * 2002 + 11);
  near(tern::jvp<words>(tern::Dual{3.0, 0.0}, tern::Dual{5.0, 1.0}),
       7 * 2 + 28 * 5);
  return failures();
}
