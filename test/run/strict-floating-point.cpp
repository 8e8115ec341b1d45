// RUN: %run-all-levels %s -ffp-model=strict
// Code for a floating-point environment of its own: constrained intrinsics for
// arithmetic, casts, comparisons and functions.
#include "Inputs/near.h"
#include <cfenv>
#include <cmath>
#include <tern/tern.hpp>

static double mixed(double x, int n) {
  float narrow = float(x) * 2;
  double sum = n;
  for (int i = 0; i < n; ++i)
    sum += x > i ? std::sin(x) / (i + 1) : std::sqrt(x) * narrow;
  return sum - std::pow(x, 2.5) + std::fmax(x, -x) + std::floor(x);
}

int main() {
  std::fesetround(FE_TONEAREST);
  // i = 0, 1: sin x (1 + 1/2); i = 2: 2 x^1.5
  const double x = 1.5;
  const double wanted = 1.5 * std::cos(x) + 3 * std::sqrt(x) -
                        2.5 * std::pow(x, 1.5) + 1;
  near_float(tern::grad<mixed>(x, 3), wanted);
  near_float(tern::jvp<mixed>(tern::Dual{x, 1.0}, 3), wanted);
  return failures();
}
