// A library function can be what is differentiated: its rule is its derivative.
// RUN: %run-all-levels %s
#include <cmath>

extern "C" double sin(double) noexcept;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

int main() {
  double (*f)(double) = ::sin;
  double reverse = __enzyme_autodiff((void *)f, 0.3);
  double forward = __enzyme_fwddiff((void *)f, 0.3, 2.0);
  double cosine = std::cos(0.3);
  return std::fabs(reverse - cosine) + std::fabs(forward - 2 * cosine) > 1e-15;
}
