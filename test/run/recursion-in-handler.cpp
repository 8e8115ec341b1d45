// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recursive functions that nobody declared noexcept, called where an exception
// is handled and where one could be caught. They cannot throw, so that nothing
// is refused (D08 before).
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double odd(double x, int n);
static double even(double x, int n) {
  return n <= 0 ? std::exp(0.3 * x) : 0.7 * odd(std::sin(x), n - 1) + 0.2 * x;
}
static double odd(double x, int n) {
  return n <= 0 ? x * x : x * even(0.8 * x, n - 1);
}

__attribute__((noinline)) static double may_throw(double x) {
  if (x > 0.4)
    throw 3;
  return x * x;
}

static double f(double x) {
  double sum = 0;
  try {
    sum = may_throw(x) * even(x, 4);
    try {
      sum += may_throw(x + 0.2) + odd(x, 5);
    } catch (int) {
      sum += odd(x * x, 3);
    }
  } catch (int k) {
    sum += k * even(x, 3);
  }
  return sum;
}

int main() {
  const double points[] = {0.1, 0.3, 0.7}, h = 1e-6;
  for (double x : points) {
    double reverse = __enzyme_autodiff((void *)f, x);
    double forward = __enzyme_fwddiff((void *)f, x, 1.0);
    double difference = (f(x + h) - f(x - h)) / (2 * h);
    if (std::fabs(reverse - forward) > 1e-12 ||
        std::fabs(reverse - difference) > 1e-8) {
      std::printf("%g: %g, %g, not %g\n", x, reverse, forward, difference);
      return 1;
    }
  }
}
