// RUN: %run-all-levels %s
// __enzyme_fwddiff: markers, defaults, widths, result shapes.
#include "Inputs/near.h"

int enzyme_const, enzyme_dup, enzyme_dupv, enzyme_width, enzyme_primal_return;
int enzyme_noret;

struct two {
  double a, b;
};
struct three {
  double a, b, c;
};
double __enzyme_fwddiff(void *, ...);
float __enzyme_fwddiff_float(void *, ...);
void __enzyme_fwddiff_void(void *, ...);
struct two __enzyme_fwddiff_two(void *, ...);
struct three __enzyme_fwddiff_three(void *, ...);

static double square(double x) { return x * x; }
static float cube(float x) { return x * x * x; }
static double product(double x, double y) { return x * y * y; }
static double sum(const double *p, int n) {
  double total = 0;
  for (int i = 0; i < n; ++i)
    total += p[i] * p[i];
  return total;
}
static void assign(const double *x, double *y) { *y = *x * *x; }

// A struct that does not fit registers is returned through memory.
struct four {
  double a, b, c, d;
};
struct both_fours {
  struct four value, tangent;
};
static struct four powers(double x) {
  struct four result = {x, x * x, x * x * x, 1};
  return result;
}
struct four __enzyme_fwddiff_four(void *, ...);
struct both_fours __enzyme_fwddiff_both_fours(void *, ...);

static void structs(void) {
  struct four tangent = __enzyme_fwddiff_four((void *)powers, 3.0, 2.0);
  near(tangent.a, 2);
  near(tangent.c, 54);
  near(tangent.d, 0);
  struct both_fours both = __enzyme_fwddiff_both_fours(
      (void *)powers, enzyme_primal_return, 3.0, 1.0);
  near(both.value.b, 9);
  near(both.tangent.b, 6);
  both = __enzyme_fwddiff_both_fours((void *)powers, enzyme_width, 2, 3.0, 1.0,
                                     10.0);
  near(both.value.b, 6);
  near(both.tangent.b, 60);
}

int main(void) {
  structs();
  near(__enzyme_fwddiff(square, 3.0, 1.0), 6);
  near(__enzyme_fwddiff((void *)square, enzyme_dup, 3.0, 2.0), 12);
  near_float(__enzyme_fwddiff_float((void *)cube, 2.0f, 1.0f), 12);
  near(__enzyme_fwddiff((void *)product, enzyme_const, 2.0, enzyme_dup, 3.0,
                        1.0),
       12);
  near(__enzyme_fwddiff((void *)product, 2.0, 1.0, 3.0, 10.0), 129);
  struct two both = __enzyme_fwddiff_two((void *)product, enzyme_primal_return,
                                         2.0, 1.0, 3.0, 0.0);
  near(both.a, 18);
  near(both.b, 9);
  struct two lanes = __enzyme_fwddiff_two((void *)product, enzyme_width, 2, 2.0,
                                          1.0, 0.0, 3.0, 0.0, 1.0);
  near(lanes.a, 9);
  near(lanes.b, 12);
  struct three all =
      __enzyme_fwddiff_three((void *)product, enzyme_width, 2,
                             enzyme_primal_return, 2.0, 1.0, 0.0, 3.0, 0.0, 1.0);
  near(all.a, 18);
  near(all.b, 9);
  near(all.c, 12);
  double p[2] = {1, 2}, tangents[4] = {1, 0, 0, 1};
  near(__enzyme_fwddiff((void *)sum, p, tangents, 2), 2);
  lanes = __enzyme_fwddiff_two((void *)sum, enzyme_width, 2, enzyme_dupv,
                               2 * sizeof(double), p, tangents, enzyme_const,
                               2);
  near(lanes.a, 2);
  near(lanes.b, 4);
  double x = 3, x_tan = 1, y = 0, y_tan = 99;
  __enzyme_fwddiff_void((void *)assign, enzyme_dup, &x, &x_tan, enzyme_dup, &y,
                        &y_tan);
  near(y, 9);
  near(y_tan, 6);
  return failures();
}
