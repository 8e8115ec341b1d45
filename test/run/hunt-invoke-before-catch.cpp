// What an invoke returns exists on its normal edge only, also where its block
// dominates the return: beyond the catch the value has to be fetched from its
// slot. Internal error X01 before.
// RUN: %tern-clang++ -O0 %s -o %t -lm && %t
// RUN: %tern-clang++ -O2 %s -o %t -lm && %t
#include <cstdio>

extern "C" double yn(int, double); // may throw, for all that the compiler knows
extern "C" double fabs(double) noexcept;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

__attribute__((noinline)) static double may_throw(double x) {
  if (x > 2.0)
    throw 3;
  return x * x;
}

static double f(double x) {
  double r = 0.25;
  try {
    double c = yn(2, 0.9);
    r = may_throw(x) * c * x;
  } catch (int k) {
    r = 0.1 * k * x;
  }
  return r * x;
}

int main() {
  const double points[] = {0.7, 2.5};
  for (double x : points) {
    double reverse = __enzyme_autodiff((void *)f, x);
    double forward = __enzyme_fwddiff((void *)f, x, 1.0);
    if (!(fabs(reverse - forward) < 1e-12)) {
      std::printf("%g, not %g\n", reverse, forward);
      return 1;
    }
  }
}
