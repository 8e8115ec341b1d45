// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lld with -flto: the outer request waits for the inner one, whose function's
// body is in another file.
// RUN: %tern-clang++ -flto -O2 %s %S/Inputs/polynomial.cpp -o %t && %t
#include <cmath>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
double polynomial(double x, int degree);

static double slope(double x, int degree) {
  return __enzyme_autodiff((void *)polynomial, x, degree);
}

int main() {
  // 1 + x/2 + x^2/3 + x^3/4
  double x = 0.3, expected = 2.0 / 3 + 1.5 * x;
  double second = __enzyme_fwddiff((void *)slope, x, 1.0, 3);
  return std::fabs(second - expected) > 1e-14;
}
