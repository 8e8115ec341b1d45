// RUN: %run-all-levels %s
// Hooks that ask for no derivative, in a file without any request.
#include "Inputs/near.h"

double __enzyme_call_inactive(void *, ...);
unsigned long __enzyme_augmentsize(void *, ...);
void __enzyme_double(void *, ...);

static double plus(double x, double y) { return x + y; }
static double first(double *p) {
  __enzyme_double(p);
  return p[0];
}

int main(void) {
  double p[1] = {3};
  near(__enzyme_call_inactive((void *)plus, 1.0, 2.0), 3);
  near(first(p), 3);
  near((double)__enzyme_augmentsize((void *)plus), 80);
  return failures();
}
