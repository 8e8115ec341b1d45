// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the program fits its stack, its derivative does: variable-length arrays
// in loops, large arrays with a shadow for each lane.
// RUN: %run-all-levels %s -Wno-vla-cxx-extension
#include "Inputs/near.h"
#include <array>
#include <tern/tern.hpp>

static double inLoop(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    double a[n];
    for (int k = 0; k < n; ++k)
      a[k] = x * x;
    sum += a[i] / n;
  }
  return sum;
}

/// One array in another's life, and ways out of both.
static double nested(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    double a[n];
    a[i] = x * i;
    {
      double b[n + 1];
      b[n] = a[i];
      if (i == 3)
        continue;
      sum += b[n] * x;
    }
    sum += a[i];
    if (i == 5)
      return sum * x;
  }
  return sum;
}

static std::array<double, 8> large(const std::array<double, 8> &x) {
  constexpr int Size = 150000;
  double w[Size];
  for (int i = 0; i < Size; ++i)
    w[i] = x[i % 8] * x[(i + 1) % 8];
  std::array<double, 8> y{};
  for (int i = 0; i < Size; ++i)
    y[i % 8] += w[i] * 1e-3;
  return y;
}

int main() {
  near(tern::grad<inLoop>(3.0, 2000), 6);
  near(tern::jvp<inLoop>(tern::Dual{3.0, 1.0}, 2000), 6);
  // i = 0 1 2 . 4 5: (12 x^2 + 12 x) x
  near(tern::grad<nested>(2.0, 9), 36 * 4 + 24 * 2);
  near(tern::jvp<nested>(tern::Dual{2.0, 1.0}, 9), 36 * 4 + 24 * 2);
  std::array<double, 8> x{1, 2, 3, 4, 5, 6, 7, 8};
  auto forward = tern::jacfwd<large>(x), reverse = tern::jacrev<large>(x);
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; ++j) {
      double want = j == i ? x[(i + 1) % 8] : j == (i + 1) % 8 ? x[i] : 0;
      near(forward(i, j), 18.75 * want);
      near(reverse(i, j), 18.75 * want);
    }
  return failures();
}
