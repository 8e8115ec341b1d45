// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Newton's method on Rosenbrock's function in six dimensions, with the Hessian
// from forward over reverse mode.
#include <array>
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>
#include <utility>

constexpr int N = 6;
using Vector = std::array<double, N>;

double rosenbrock(const Vector &x) {
  double sum = 0;
  for (int i = 0; i + 1 < N; ++i) {
    const double bend = x[i + 1] - x[i] * x[i];
    sum += 100 * bend * bend + (1 - x[i]) * (1 - x[i]);
  }
  return sum;
}

/// Solves a x = b by elimination with pivots; b becomes x.
void solve(tern::matrix a, Vector &b) {
  for (int column = 0; column < N; ++column) {
    int pivot = column;
    for (int row = column + 1; row < N; ++row)
      if (std::abs(a(row, column)) > std::abs(a(pivot, column)))
        pivot = row;
    std::swap(b[column], b[pivot]);
    for (int j = 0; j < N; ++j)
      std::swap(a(column, j), a(pivot, j));
    for (int row = 0; row < N; ++row) {
      if (row == column)
        continue;
      const double factor = a(row, column) / a(column, column);
      for (int j = column; j < N; ++j)
        a(row, j) -= factor * a(column, j);
      b[row] -= factor * b[column];
    }
  }
  for (int i = 0; i < N; ++i)
    b[i] /= a(i, i);
}

int main() {
  Vector x = {1.2, 1.2, 1.3, 1.6, 2.4, 5.5};
  double slope = 1;
  for (int step = 0; step < 50 && slope > 1e-12; ++step) {
    Vector g = tern::grad<rosenbrock>(x);
    slope = 0;
    for (double entry : g)
      slope = std::fmax(slope, std::abs(entry));
    std::printf("step %2d  f %.3e  |g| %.3e\n", step, rosenbrock(x), slope);
    solve(tern::hessian<rosenbrock>(x), g);
    for (int i = 0; i < N; ++i)
      x[i] -= g[i];
  }
  // Newton finds a point without slope; this start leads to the minimum.
  double error = 0;
  for (double entry : x)
    error = std::fmax(error, std::abs(entry - 1));
  return error < 1e-10 ? 0 : 1;
}
