// Structs that are passed by value and arrive in parts.
// RUN: %run-all-levels %s -lm
#include <math.h>
#include <stdio.h>

extern int enzyme_dup, enzyme_const, enzyme_width;
typedef struct {
  double a, b;
} Two;
typedef struct {
  float a, b, c;
} Floats;
typedef struct {
  double a;
  int n;
} Counted;
typedef struct {
  double *p;
  int n;
} Slice;

double __enzyme_fwddiff(void *, ...);
Two __enzyme_fwddiff_twice(void *, ...);
double __enzyme_autodiff(void *, ...);
Two __enzyme_autodiff_two(void *, ...);
void __enzyme_autodiff_void(void *, ...);

static double two(Two t, double x) { return t.a * t.b * x; }
static double floats(Floats t) { return t.a * t.b * t.c; }
static double counted(Counted t) { return t.a * t.a * t.n; }
static double slice(Slice t) {
  double s = 0;
  for (int i = 0; i < t.n; i++)
    s += t.p[i] * t.p[i];
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
  Two t = {2, 3}, d = {1, 0.5};
  check("two",
        __enzyme_fwddiff((void *)two, enzyme_dup, t, d, enzyme_dup, 5.0, 0.1),
        15.0 + 5.0 + 0.6);
  check("two, no words", __enzyme_fwddiff((void *)two, t, d, 5.0, 0.1),
        15.0 + 5.0 + 0.6);
  check("two, constant",
        __enzyme_fwddiff((void *)two, enzyme_const, t, enzyme_dup, 5.0, 0.1),
        0.6);
  Two e = {0, 1},
      lanes = __enzyme_fwddiff_twice((void *)two, enzyme_width, 2, enzyme_dup,
                                     t, d, e, enzyme_const, 5.0);
  check("lane 0", lanes.a, 20);
  check("lane 1", lanes.b, 10);
  Floats f = {2, 3, 4}, df = {1, 0, 0.5f};
  check("floats", __enzyme_fwddiff((void *)floats, enzyme_dup, f, df), 15);
  Counted c = {2, 3}, dc = {1, 7};
  check("counted", __enzyme_fwddiff((void *)counted, enzyme_dup, c, dc), 12);

  double x[] = {1, 2}, dx[] = {1, 0.5};
  Slice s = {x, 2}, ds = {dx, 0};
  check("slice", __enzyme_fwddiff((void *)slice, enzyme_dup, s, ds), 4);
  check("slice, constant", __enzyme_fwddiff((void *)slice, enzyme_const, s), 0);
  dx[0] = dx[1] = 0;
  __enzyme_autodiff_void((void *)slice, enzyme_dup, s, ds);
  check("reverse slice, 0", dx[0], 2);
  check("reverse slice, 1", dx[1], 4);

  check("reverse two, constant",
        __enzyme_autodiff((void *)two, enzyme_const, t, 5.0), 6);
  Two g = __enzyme_autodiff_two((void *)two, t, enzyme_const, 5.0);
  check("reverse two, a", g.a, 15);
  check("reverse two, b", g.b, 10);
  return failures;
}
