// RUN: %run-all-levels %s
// Registrations by specially named globals, annotations, and the hooks that ask
// for no derivative. Rules are deliberately not the bodies' derivatives.
#include "Inputs/near.h"
#include <stdlib.h>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
float __enzyme_autodiff_float(void *, float);
double __enzyme_call_inactive(void *, ...);
int enzyme_const;

#define NOINLINE __attribute__((noinline))

NOINLINE static double square(double x) { return x * x; }
struct recorded {
  void *tape;
  double result;
};
static struct recorded square_record(double x) {
  struct recorded r = {0, x * x};
  return r;
}
static double square_reverse(double x, double adjoint, void *tape) {
  (void)tape;
  return 20 * x * adjoint;
}
struct pushed {
  double result, tangent;
};
static struct pushed square_jvp(double x, double x_tan) {
  struct pushed p = {x * x, 20 * x * x_tan};
  return p;
}
void *__enzyme_register_gradient_square[3] = {
    (void *)square, (void *)square_record, (void *)square_reverse};
void *__enzyme_register_derivative_square[2] = {(void *)square,
                                                (void *)square_jvp};

NOINLINE static double hidden(double x) { return 7 * x; }
void *__enzyme_inactivefn_hidden[1] = {(void *)hidden};

__attribute__((annotate("enzyme_inactive"))) NOINLINE static double
annotated(double x) {
  return 5 * x;
}

NOINLINE static double plus_one(double x) { return x + 1; }

NOINLINE static double my_log1p(double x) { return log(1 + x); }
void *__enzyme_function_like_my_log1p[2] = {(void *)my_log1p, "sin"};

__attribute__((annotate("enzyme_function_like=exp"))) NOINLINE static double
my_exp(double x) {
  return x * x;
}
NOINLINE static float my_sine(float x) { return 3 * x; }
void *__enzyme_function_like_my_sine[2] = {(void *)my_sine, "sinf"};

static int allocated, released;
NOINLINE static void *my_alloc(long tag, unsigned long size) {
  allocated += tag == 7;
  return malloc(size);
}
NOINLINE static void my_free(void *p) {
  ++released;
  free(p);
}
void *__enzyme_allocation_like_my_alloc[4] = {(void *)my_alloc, (void *)1, "-1",
                                              (void *)my_free};

static double with_like(double x) { return 2 * my_log1p(x); }
static double with_alloc(double x) {
  double *p = my_alloc(7, 2 * sizeof(double));
  p[0] = x;
  p[1] = p[0] * p[0];
  double y = p[0] * p[1];
  my_free(p);
  return y;
}
static double with_rule(double x) { return 3 * square(x); }
static double with_inactive(double x) { return x * hidden(x) * annotated(x); }
static double with_call(double x) {
  return x * __enzyme_call_inactive((void *)plus_one, x);
}

int main(void) {
  near(__enzyme_autodiff((void *)with_rule, 2.0), 120);
  near(__enzyme_fwddiff((void *)with_rule, 2.0, 1.0), 120);
  near(__enzyme_autodiff((void *)with_inactive, 2.0), 14 * 10);
  near(__enzyme_fwddiff((void *)with_inactive, 2.0, 1.0), 14 * 10);
  near(__enzyme_autodiff((void *)with_call, 2.0), 3);
  near(__enzyme_autodiff((void *)with_like, 2.0), 2 * cos(2.0));
  near(__enzyme_fwddiff((void *)with_like, 2.0, 1.0), 2 * cos(2.0));
  // Such a function differentiated itself.
  near(__enzyme_autodiff((void *)my_log1p, 2.0), cos(2.0));
  near(__enzyme_fwddiff((void *)my_log1p, 2.0, 1.0), cos(2.0));
  near(__enzyme_autodiff((void *)my_exp, 2.0), 4); // the rule is "r * d"
  near(__enzyme_fwddiff((void *)my_exp, 2.0, 1.0), 4);
  near(__enzyme_autodiff_float((void *)my_sine, 2.0f), cosf(2.0f));
  near(__enzyme_autodiff((void *)with_alloc, 2.0), 12);
  near(__enzyme_fwddiff((void *)with_alloc, 2.0, 1.0), 12);
  near(allocated >= 2, 1);
  near(released, allocated);
  return failures();
}
