// A struct that is returned through memory: in reverse mode each of its numbers
// has the adjoint one.
// RUN: %run-all-levels %s -lm
#include <math.h>
#include <stdio.h>

extern int enzyme_dup, enzyme_width;
typedef struct {
  double a, b, c;
} Three;
typedef struct {
  double a[4];
  float f;
  int n;
} Mixed;

double __enzyme_autodiff(void *, ...);
typedef struct {
  double dx, dy;
} Gradient;
Gradient __enzyme_autodiff_both(void *, ...);
void __enzyme_autodiff_into(void *, ...);

static Three three(double x) { return (Three){x, x * x, sin(x)}; }
static Three bent(double x, double y) { return (Three){x * y, x, y * y}; }
static Mixed mixed(double x) {
  return (Mixed){{x, 2 * x, 1, x * x}, (float)(3 * x), (int)x};
}
static Three summed(const double *x, int n) {
  Three s = {0, 1, 0};
  for (int i = 0; i < n; ++i) {
    s.a += x[i];
    s.b *= x[i];
    s.c += x[i] * x[i];
  }
  return s;
}

static int failures;
static void check(const char *what, double got, double want) {
  if (!(fabs(got - want) <= 1e-6 * (1 + fabs(want)))) {
    printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}

int main(void) {
  double x = 0.7, y = 0.3;
  check("three", __enzyme_autodiff((void *)three, x), 1 + 2 * x + cos(x));
  check("mixed", __enzyme_autodiff((void *)mixed, x), 6 + 2 * x);
  Gradient g = __enzyme_autodiff_both((void *)bent, x, y);
  check("bent, dx", g.dx, y + 1);
  check("bent, dy", g.dy, x + 2 * y);
  double v[] = {2, 3, 4}, dv[] = {0, 0, 0};
  __enzyme_autodiff_into((void *)summed, enzyme_dup, v, dv, 3);
  for (int i = 0; i < 3; ++i)
    check("summed", dv[i], 1 + 24 / v[i] + 2 * v[i]);
  return failures;
}
