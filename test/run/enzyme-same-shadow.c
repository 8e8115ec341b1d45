// RUN: %run-all-levels %s
// A shadow that is its primal means "no derivative here": seen in the call, or
// found out at run time where the word says so. Nothing is added to it.
#include "Inputs/near.h"

int enzyme_dup, enzyme_const, enzyme_runtime_activity, enzyme_width;

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
struct recorded {
  void *tape;
  double result;
};
struct recorded __enzyme_augmentfwd(void *, ...);
double __enzyme_reverse(void *, ...);

static double weigh(double *w, int n, double x) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += w[i] * x;
  return sum;
}

struct model {
  double *w;
  int n;
  double b;
};
static double hold(struct model *m, double x) {
  return weigh(m->w, m->n, x) * m->b;
}

static double table[2] = {1, 2};

__attribute__((noinline)) static double at_run_time(double *w, double *dw) {
  return __enzyme_autodiff((void *)weigh, enzyme_runtime_activity, w, dw, 2,
                           5.0);
}
__attribute__((noinline)) static double forward_at_run_time(double *w,
                                                            double *dw) {
  return __enzyme_fwddiff((void *)weigh, enzyme_runtime_activity, w, dw, 2, 5.0,
                          1.0);
}

int main(void) {
  double w[2] = {1, 2}, dw[2] = {0, 0}, *p = w;
  near(__enzyme_autodiff((void *)weigh, w, w, 2, 5.0), 3);
  near(__enzyme_autodiff((void *)weigh, p, p, 2, 5.0), 3);
  near(__enzyme_autodiff((void *)weigh, &w[0], &w[0], 2, 5.0), 3);
  near(__enzyme_autodiff((void *)weigh, table, table, 2, 5.0), 3);
  near(__enzyme_fwddiff((void *)weigh, w, w, 2, 5.0, 1.0), 3);
  near(__enzyme_fwddiff((void *)weigh, table, table, 2, 5.0, 1.0), 3);
  near(table[0], 1);
  near(at_run_time(w, w), 3);
  near(forward_at_run_time(w, w), 3);
  near(w[0], 1);
  near(w[1], 2);
  near(at_run_time(w, dw), 3);
  near(dw[0], 5);
  near(dw[1], 5);
  near(forward_at_run_time(w, dw), 28 + 25);

  struct model m = {w, 2, 3}, dm = {w, 2, 0};
  near(__enzyme_autodiff((void *)hold, enzyme_runtime_activity, &m, &dm, 5.0),
       9);
  near(dm.b, 15);
  dm.b = 1;
  near(__enzyme_fwddiff((void *)hold, enzyme_runtime_activity, &m, &dm, 5.0,
                        1.0),
       9 + 15);
  dm.b = 0;
  void *tape =
      __enzyme_augmentfwd((void *)hold, enzyme_runtime_activity, &m, &dm, 5.0)
          .tape;
  near(__enzyme_reverse((void *)hold, enzyme_runtime_activity, &m, &dm, 5.0,
                        1.0, tape),
       9);
  near(dm.b, 15);
  near(w[0], 1);
  near(w[1], 2);
  return failures();
}
