// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Jacobian of a vector field, by columns (forward mode) and by rows
// (reverse mode): the Lorenz system, linearised at one of its fixed points.
#include <array>
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

using State = std::array<double, 3>;

constexpr double Sigma = 10, Rho = 28, Beta = 8.0 / 3;

State lorenz(const State &s) {
  return {Sigma * (s[1] - s[0]), s[0] * (Rho - s[2]) - s[1],
          s[0] * s[1] - Beta * s[2]};
}

int main() {
  const double c = std::sqrt(Beta * (Rho - 1));
  const State fixed_point = {c, c, Rho - 1};

  const tern::matrix columns = tern::jacfwd<lorenz>(fixed_point);
  const tern::matrix rows = tern::jacrev<lorenz>(fixed_point);

  const double expected[3][3] = {
      {-Sigma, Sigma, 0}, {1, -1, -c}, {c, c, -Beta}};
  double error = 0;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      error = std::fmax(error, std::abs(columns(i, j) - expected[i][j]));
      error = std::fmax(error, std::abs(rows(i, j) - expected[i][j]));
      std::printf("%10.5f", columns(i, j));
    }
    std::printf("\n");
  }
  std::printf("largest error %.1e\n", error);
  return error < 1e-12 ? 0 : 1;
}
