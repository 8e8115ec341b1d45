// Variadic functions with a body: whatever they do with their arguments.
// RUN: %run-all-levels %s -lm
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

extern int enzyme_dup;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static int failures;
static void check(const char *what, double got, double want) {
  if (!(fabs(got - want) <= 1e-12 * (1 + fabs(want)))) {
    printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}

static int level = 5;
static void note(int importance, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (importance > level)
    vprintf(format, args);
  va_end(args);
}
static double logged(double x) {
  note(0, "x = %d %g\n", 3, x);
  return x * x;
}

static int most(int n, ...) {
  va_list args;
  va_start(args, n);
  int m = 0;
  for (int i = 0; i < n; ++i) {
    int a = va_arg(args, int);
    m = a > m ? a : m;
  }
  va_end(args);
  return m;
}
static double counted(double x) { return x * x * most(3, 2, 5, 4); }

static double weighted(double x, int n, ...) {
  va_list args, again;
  va_start(args, n);
  va_copy(again, args);
  long s = 0;
  for (int i = 0; i < n; ++i)
    s += va_arg(args, int);
  s *= va_arg(again, int);
  va_end(again);
  va_end(args);
  return x * x * s;
}
static double passed(double x) { return weighted(x, 2, 3, 4); }

static double sum(int n, ...) {
  va_list args;
  va_start(args, n);
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += (i + 1) * va_arg(args, double);
  va_end(args);
  return s;
}
static double active(double x) {
  return sum(9, x, x * x, 1.0, x, x, x, x, x, sin(x)) * sum(1, x);
}

static double pick(const char *kinds, ...) {
  va_list args;
  va_start(args, kinds);
  double p = 1;
  for (; *kinds; ++kinds)
    switch (*kinds) {
    case 'i':
      p *= va_arg(args, int);
      break;
    case 'd':
      p *= va_arg(args, double);
      break;
    case 'p':
      p *= *va_arg(args, double *);
      break;
    }
  va_end(args);
  return p;
}
static double mixed(double x) {
  double y = x * x;
  return pick("idp", 3, x, &y);
}

#define BOTH(f, x, slope)                                                      \
  check(#f, __enzyme_autodiff((void *)f, x), slope);                           \
  check("forward " #f, __enzyme_fwddiff((void *)f, enzyme_dup, x, 1.0), slope)

int main(void) {
  double x = 0.7;
  BOTH(logged, x, 2 * x);
  BOTH(counted, x, 10 * x);
  BOTH(passed, x, 42 * x);
  double s = 3 + 31 * x + 2 * x * x + 9 * sin(x);
  BOTH(active, x, s + x * (31 + 4 * x + 9 * cos(x)));
  BOTH(mixed, x, 9 * x * x);
  return failures;
}
