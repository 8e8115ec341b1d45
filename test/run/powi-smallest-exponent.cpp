// The derivative of x^n uses x^(n - 1); below the smallest int there is none.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static constexpr int smallest = -2147483647 - 1;
volatile int exponent = smallest;

static double at_run_time(double x) { return __builtin_powi(x, exponent); }
static double known(double x) { return __builtin_powi(x, smallest); }

template <double (*f)(double)> static int check(const char *name) {
  double x = 1 + 3e-10, want = smallest * f(x) / x;
  double forward = __enzyme_fwddiff((void *)f, x, 1.0);
  double reverse = __enzyme_autodiff((void *)f, x);
  if (std::fabs(forward / want - 1) < 1e-6 &&
      std::fabs(reverse / want - 1) < 1e-6)
    return 0;
  printf("%s: %g %g, want %g\n", name, forward, reverse, want);
  return 1;
}

int main() {
  return check<at_run_time>("at run time") + check<known>("known");
}
