// Every row of the table of complex functions against differences of the
// library's own, in both precisions and modes.
// RUN: %run-all-levels %s -I%S/../../plugin/rules -lm
#define _GNU_SOURCE
#include <complex.h>
#include <math.h>
#include <stdio.h>

extern int enzyme_dup;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
float __enzyme_autodiff_f(void *, ...);

static int failures;
static void check(const char *what, double x, double got, double want,
                  double tolerance) {
  if (!(fabs(got - want) <= tolerance * (1 + fabs(want)))) {
    printf("%s at %g is %.15g, should be %.15g\n", what, x, got, want);
    ++failures;
  }
}

static double complex path(double x) {
  return x * (0.8 + 0.3 * I) + (0.1 - 0.25 * I);
}
static float complex pathf(float x) {
  return x * (0.8f + 0.3f * I) + (0.1f - 0.25f * I);
}

/* The square makes values matter as well as derivatives. */
#define COMPLEX(F, _)                                                          \
  static double of_##F(double x) {                                             \
    double complex z = F(path(x)), s = z * z;                                  \
    return 1.3 * creal(s) + 0.7 * cimag(s);                                    \
  }                                                                            \
  static float of_##F##f(float x) {                                            \
    float complex z = F##f(pathf(x)), s = z * z;                               \
    return 1.3f * crealf(s) + 0.7f * cimagf(s);                                \
  }
#define COMPLEX2(F, _)                                                         \
  static double of_##F(double x) {                                             \
    double complex z = F(path(x), path(0.3 - x)), s = z * z;                   \
    return 1.3 * creal(s) + 0.7 * cimag(s);                                    \
  }                                                                            \
  static float of_##F##f(float x) {                                            \
    float complex z = F##f(pathf(x), pathf(0.3f - x)), s = z * z;              \
    return 1.3f * crealf(s) + 0.7f * cimagf(s);                                \
  }
#define SIZE(F, _)                                                             \
  static double of_##F(double x) { return F(path(x)) * F(path(x)); }           \
  static float of_##F##f(float x) { return F##f(pathf(x)) * F##f(pathf(x)); }
#include "Complex.def"
#undef COMPLEX
#undef COMPLEX2
#undef SIZE

static double slope(double (*f)(double), double x) {
  double h = 1e-5;
  return (f(x + h) - f(x - h)) / (2 * h);
}

#define COMPLEX(F, _)                                                          \
  check(#F, x, __enzyme_autodiff((void *)of_##F, x), slope(of_##F, x), 1e-7);  \
  check("forward " #F, x,                                                      \
        __enzyme_fwddiff((void *)of_##F, enzyme_dup, x, 1.0),                  \
        slope(of_##F, x), 1e-7);                                               \
  check(#F "f", x, __enzyme_autodiff_f((void *)of_##F##f, (float)x),           \
        slope(of_##F, x), 2e-4);
#define COMPLEX2(F, _) COMPLEX(F, _)
#define SIZE(F, _) COMPLEX(F, _)

static double root_of_zero(double x) { return cabs(cpow(x - x, 0.5)) + x; }

int main(void) {
  const double points[] = {0.7, -0.4, 1.9, -3.1};
  for (int i = 0; i < 4; ++i) {
    double x = points[i];
#include "Complex.def"
  }
  check("power of zero", 2, __enzyme_autodiff((void *)root_of_zero, 2.0), 1, 0);
  return failures;
}
