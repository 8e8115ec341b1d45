// RUN: %run-all-levels %s
// Functions whose bodies are not looked at: rules and inactive functions. The
// rules' derivatives are deliberately not those of the bodies.
#include "Inputs/near.h"
#include <tern/tern.hpp>

__attribute__((noinline)) static double square(double x) { return x * x; }
struct square_recorded {
  void *tape;
  double result;
};
static square_recorded square_record(double x) { return {nullptr, x * x}; }
static double square_reverse(double x, double adjoint, void *) {
  return 20 * x * adjoint;
}
static double square_jvp(double x, double x_tan) { return 20 * x * x_tan; }
TERN_GRADIENT(square, square_record, square_reverse);
TERN_DERIVATIVE(square, square_jvp);

// Memory, two numbers, and a tape.
__attribute__((noinline)) static void axpy(double a, const double *x, double *y,
                                           int n) {
  for (int i = 0; i < n; ++i)
    y[i] += a * x[i];
}
static int axpy_recorded, axpy_freed;
static void *axpy_record(double a, const double *x, double *, double *y,
                         double *, int n) {
  axpy(a, x, y, n);
  ++axpy_recorded;
  double *tape = new double[n];
  for (int i = 0; i < n; ++i)
    tape[i] = x[i];
  return tape;
}
static double axpy_reverse(double a, const double *, double *x_adj, double *,
                           double *y_adj, int n, void *tape) {
  double *x = static_cast<double *>(tape), a_adj = 0;
  for (int i = 0; i < n; ++i) {
    a_adj += x[i] * y_adj[i];
    x_adj[i] += a * y_adj[i];
  }
  delete[] x;
  ++axpy_freed;
  return a_adj;
}
TERN_GRADIENT(axpy, axpy_record, axpy_reverse);

double noisy(double x) TERN_INACTIVE;
__attribute__((noinline)) double noisy(double x) { return x + 1; }

static double with_square(double x) { return 3 * square(x) + x; }
static double with_noise(double x) { return x * noisy(x); }
static double with_axpy(double a, double x) {
  double in[2] = {x, 2 * x}, out[2] = {x * x, 1};
  axpy(a, in, out, 2);
  return out[0] + 10 * out[1];
}

int main() {
  near(tern::grad<with_square>(2.0), 121);
  near(tern::jvp<with_square>(tern::Dual{2.0, 1.0}), 121);
  near(tern::grad<with_noise>(2.0), 3);
  near(tern::jvp<with_noise>(tern::Dual{2.0, 1.0}), 3);
  auto [da, dx] = tern::grad<with_axpy>(3.0, 5.0);
  near(da, 5 + 10 * 10);
  near(dx, 2 * 5 + 3 + 10 * 6);
  near(axpy_recorded, 1);
  near(axpy_freed, 1);
  return failures();
}
