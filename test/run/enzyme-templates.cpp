// RUN: %run-all-levels %s
// The convention in C++: hooks that are templates, markers in a namespace,
// forwarding wrappers, calls that may throw.
#include "Inputs/near.h"
#include <stdexcept>

extern int enzyme_const, enzyme_dup, enzyme_out;
template <class R, class... A> R __enzyme_autodiff(void *, A...);
template <class R, class... A> R __enzyme_fwddiff(R (*)(A...), A..., A...);

struct gradients {
  double x, y;
};

static double product(double x, double y) {
  if (x < 0)
    throw std::runtime_error("negative");
  return x * y * y;
}
static double square(double x) { return x * x; }
static double sum(const float *p, int n) {
  double total = 0;
  for (int i = 0; i < n; ++i)
    total += p[i] * p[i];
  return total;
}

// The function to differentiate passes through two wrappers.
template <class F> static double slope(F *f, double x) {
  return __enzyme_autodiff<double>((void *)f, enzyme_out, x);
}
static double slope_at_three(double (*f)(double)) { return slope(f, 3.0); }

int main() {
  gradients g = __enzyme_autodiff<gradients>((void *)product, 2.0, 3.0);
  near(g.x, 9);
  near(g.y, 12);
  near(slope(square, 5.0), 10);
  near(slope_at_three(square), 6);
  near(__enzyme_fwddiff(square, 3.0, 1.0), 6);
  float p[2] = {1, 2}, dp[2] = {};
  __enzyme_autodiff<void>((void *)sum, enzyme_dup, p, dp, enzyme_const, 2);
  near_float(dp[1], 4);
  bool caught = false;
  try {
    g = __enzyme_autodiff<gradients>((void *)product, -2.0, 3.0);
  } catch (const std::runtime_error &) {
    caught = true;
  }
  near(caught, 1);
  return failures();
}
