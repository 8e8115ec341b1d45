// clang++ -fpass-plugin: both modes, C++.
// RUN: clang++ -fpass-plugin=%plugin -O0 %s -o %t && %t
// RUN: clang++ -fpass-plugin=%plugin -O2 %s -o %t && %t
#include <cmath>
#include <cstdio>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double wave(double x) { return x * std::sin(x); }

int main() {
  double x = 0.7;
  double expected = std::sin(x) + x * std::cos(x);
  double reverse = __enzyme_autodiff((void *)wave, x);
  double forward = __enzyme_fwddiff((void *)wave, x, 1.0);
  std::printf("%.17g %.17g %.17g\n", expected, reverse, forward);
  return std::fabs(reverse - expected) + std::fabs(forward - expected) > 1e-14;
}
