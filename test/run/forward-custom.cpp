// Derivative rules that the program registers take the place of the derivative,
// in every shape that a C++ function returns its results in.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"

template <class T> struct Both {
  T primal, tangent;
};
struct Wide {
  double a, b, c;
};

// The rules are wrong on purpose, to be told from the true derivatives.
NOINLINE double square(double x) { return x * x; }
Both<double> square_jvp(double x, double t) { return {x * x, 100 * t}; }
NOINLINE float cube(float x) { return x * x * x; }
Both<float> cube_jvp(float x, float t) { return {x * x * x, 200 * t}; }
NOINLINE void scale(double *x, int n) {
  for (int i = 0; i < n; ++i)
    x[i] *= 2;
}
void scale_jvp(double *x, double *t, int n) {
  for (int i = 0; i < n; ++i) {
    x[i] *= 2;
    t[i] *= 300;
  }
}
NOINLINE long double wide(long double x) { return x; }
Both<long double> wide_jvp(long double x, long double t) {
  return {x, 400 * t};
}
NOINLINE double only(double x) { return x * 3; }
double only_jvp(double, double t) { return 500 * t; }

void *__enzyme_register_derivative_1[] = {(void *)square, (void *)square_jvp};
void *__enzyme_register_derivative_2[] = {(void *)cube, (void *)cube_jvp};
void *__enzyme_register_derivative_3[] = {(void *)scale, (void *)scale_jvp};
void *__enzyme_register_derivative_4[] = {(void *)wide, (void *)wide_jvp};
void *__enzyme_register_derivative_5[] = {(void *)only, (void *)only_jvp};

static double uses(double x) {
  double v[2] = {x, 1};
  scale(v, 2);
  return square(x) + cube(float(x)) + v[0] + double(wide(x)) + only(x);
}
static double values(double x) { return square(x) + cube(float(x)); }

struct Two {
  double lane[2];
};

int main() {
  check("rules", __enzyme_fwddiff<double>((void *)uses, enzyme_dup, 2.0, 1.0),
        100 + 200 + 300 + 400 + 500);
  Both<double> both = __enzyme_fwddiff<Both<double>>(
      (void *)uses, enzyme_primal_return, enzyme_dup, 2.0, 1.0);
  check("primal", both.primal, 4 + 8 + 4 + 2 + 6);
  check("constant argument",
        __enzyme_fwddiff<double>((void *)uses, enzyme_const, 2.0), 0);
  Two two = __enzyme_fwddiff<Two>((void *)values, enzyme_width, 2, enzyme_dup,
                                  2.0, 1.0, 3.0);
  check("first tangent", two.lane[0], 300);
  check("second tangent", two.lane[1], 900);
  return verdict();
}
