// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last loop is run again by itself, and reads variables that the loops
// before have written: their adjoints must not be forgotten there. Gradient of
// zero before, at -O1.
// RUN: %run-all-levels %s
#include "Inputs/near.h"
#include <cmath>
#include <tern/tern.hpp>
#include <utility>

static double heat(double x, double y) {
  static double u[2][2], w[2][2];
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      u[i][j] = std::sin(x * i) * y;
  double(*now)[2] = u, (*next)[2] = w;
  for (int step = 0; step < 2; ++step) {
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j)
        next[i][j] = now[i][j] * y;
    std::swap(now, next);
  }
  double sum = 0;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      sum += now[i][j] * now[i][j] * (i + 1);
  return sum;
}

int main() { // 4 sin(x)^2 y^6
  const double x = 1.3, y = 0.7, s = std::sin(x), c = std::cos(x);
  auto [dx, dy] = tern::grad<heat>(x, y);
  near(dx, 8 * s * c * std::pow(y, 6));
  near(dy, 24 * s * s * std::pow(y, 5));
  return failures();
}
