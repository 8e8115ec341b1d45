// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The derivative of a function of two numbers, in reverse and in forward mode.
//
//   tern-clang++ -std=c++20 -O2 scalar.cpp -o scalar && ./scalar
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

/// Nothing to see here: a loop, a branch, libm.
double f(double x, double y) {
  double sum = 0;
  for (int i = 1; i <= 3; ++i)
    sum += std::sin(i * x) * y;
  return x > 0 ? sum : -sum;
}

int main() {
  const double x = 0.7, y = 1.5;

  auto [dx, dy] = tern::grad<f>(x, y);
  const double along_x = tern::jvp<f>(tern::Dual{x, 1.0}, tern::Const{y});

  // What pencil and paper say.
  double expected_dx = 0, expected_dy = 0;
  for (int i = 1; i <= 3; ++i) {
    expected_dx += i * std::cos(i * x) * y;
    expected_dy += std::sin(i * x);
  }
  std::printf("df/dx %.12f (forward mode: %.12f), expected %.12f\n", dx,
              along_x, expected_dx);
  std::printf("df/dy %.12f, expected %.12f\n", dy, expected_dy);

  const bool good = std::abs(dx - expected_dx) < 1e-12 &&
                    std::abs(along_x - expected_dx) < 1e-12 &&
                    std::abs(dy - expected_dy) < 1e-12 &&
                    tern::check_grads<f>(x, y);
  return good ? 0 : 1;
}
