// RUN: %run-all-levels %s
// __enzyme_autodiff: markers, defaults, promoted arguments, result shapes.
#include "Inputs/near.h"

int enzyme_const, enzyme_dup, enzyme_dupnoneed, enzyme_out, enzyme_dupv;
int enzyme_width, enzyme_interleave, enzyme_primal_return, enzyme_byref;
int enzyme_noret, enzyme_const_return;

struct two {
  double a, b;
};
struct three {
  double a, b, c;
};
struct two_floats {
  float a, b;
};
struct three_floats {
  float a, b, c;
};
struct uneven {
  float a;
  double b;
};
double __enzyme_autodiff(void *, ...);
float __enzyme_autodiff_float(void *, ...);
void __enzyme_autodiff_void(void *, ...);
struct two __enzyme_autodiff_two(void *, ...);
struct three __enzyme_autodiff_three(void *, ...);
struct two_floats __enzyme_autodiff_two_floats(void *, ...);
struct three_floats __enzyme_autodiff_three_floats(void *, ...);
struct uneven __enzyme_autodiff_uneven(void *, ...);
double __enzyme_autodiff_old_style();

static double square(double x) { return x * x; }
static double product(double x, double y) { return x * y * y; }
static float small(float x, char n, short m, long k) {
  return x * x * (float)n * (float)(m + k);
}
static float pair(float x, float y) { return x * y; }
static float triple(float x, float y, float z) { return x * y * z; }
static double uneven(float x, double y) { return x * y * y; }
static double weighted(double x, const double *p, long n) {
  double sum = 0;
  for (long i = 0; i < n; ++i)
    sum += x * p[i] * p[i];
  return sum;
}
static void assign(const double *x, double *y) { *y = *x * *x; }
static double by_struct(struct two s) { return s.a * s.b * s.b; }

static void results(void) {
  near(__enzyme_autodiff(square, 3.0), 6);
  near(__enzyme_autodiff((void *)square, enzyme_out, 3.0), 6);
  near(__enzyme_autodiff_old_style(square, 3.0), 6);
  struct two both = __enzyme_autodiff_two((void *)product, 2.0, 3.0);
  near(both.a, 9);
  near(both.b, 12);
  near(__enzyme_autodiff((void *)product, enzyme_const, 2.0, 3.0), 12);
  near(__enzyme_autodiff((void *)product, 2.0, enzyme_const, 3.0), 9);
  struct two value_first = __enzyme_autodiff_two(
      (void *)product, enzyme_primal_return, enzyme_const, 2.0, 3.0);
  near(value_first.a, 18);
  near(value_first.b, 12);
  struct three all = __enzyme_autodiff_three(
      (void *)product, enzyme_primal_return, 2.0, 3.0);
  near(all.a, 18);
  near(all.b, 9);
  near(all.c, 12);
  struct two_floats floats =
      __enzyme_autodiff_two_floats((void *)pair, 2.0f, 3.0f);
  near_float(floats.a, 3);
  near_float(floats.b, 2);
  struct three_floats more =
      __enzyme_autodiff_three_floats((void *)triple, 2.0f, 3.0f, 5.0f);
  near_float(more.a, 15);
  near_float(more.b, 10);
  near_float(more.c, 6);
  struct uneven parts = __enzyme_autodiff_uneven((void *)uneven, 2.0f, 3.0);
  near_float(parts.a, 9);
  near(parts.b, 12);
  near_float(__enzyme_autodiff_float((void *)small, 2.0f, (char)3, (short)4, 5L),
             2 * 2 * 3 * 9);
}

static void shadows(void) {
  double p[2] = {1, 2}, dp[2] = {0.5, 0};
  near(__enzyme_autodiff((void *)weighted, 3.0, enzyme_dup, p, dp, 2L), 5);
  near(dp[0], 6.5);
  near(dp[1], 12);
  dp[0] = 0;
  near(__enzyme_autodiff((void *)weighted, 3.0, p, dp, 2L), 5);
  near(dp[0], 6);
  dp[0] = 0;
  near(__enzyme_autodiff((void *)weighted, enzyme_out, 3.0, enzyme_dup, p,
                         enzyme_const, 2L, enzyme_interleave, dp),
       5);
  near(dp[0], 6);
  near(__enzyme_autodiff((void *)weighted, 3.0, enzyme_const, p, 2L), 5);
  double x = 3, dx = 0, y = 0, dy = 1;
  __enzyme_autodiff_void((void *)assign, enzyme_dup, &x, &dx, enzyme_dupnoneed,
                         &y, &dy);
  near(dx, 6);
  near(dy, 0);
  struct two s = {2, 3};
  struct two ds = __enzyme_autodiff_two((void *)by_struct, s);
  near(ds.a, 9);
  near(ds.b, 12);
}

static void widths(void) {
  double x = 3, dx[2] = {0, 0}, y = 0, dy[2] = {1, 10};
  __enzyme_autodiff_void((void *)assign, enzyme_width, 2, enzyme_dup, &x,
                         &dx[0], &dx[1], enzyme_dup, &y, &dy[0], &dy[1]);
  near(dx[0], 6);
  near(dx[1], 60);
  dx[0] = dx[1] = 0;
  dy[0] = 2;
  dy[1] = 20;
  __enzyme_autodiff_void((void *)assign, enzyme_width, 2, enzyme_dupv,
                         sizeof(double), &x, dx, enzyme_dupv, sizeof(double),
                         &y, dy);
  near(dx[0], 12);
  near(dx[1], 120);
}

int main(void) {
  results();
  shadows();
  widths();
  return failures();
}
