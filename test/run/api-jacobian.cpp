// RUN: %run-all-levels %s
// jacfwd and jacrev: the same matrix, also where lanes do not divide n or m.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <tern/tern.hpp>
#include <vector>

// y_i = x_i x_{i+1} + a sin(x_0)
static std::vector<double> chain(const std::vector<double> &x, double a) {
  std::vector<double> y(x.size() - 1);
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] = x[i] * x[i + 1] + a * std::sin(x[0]);
  return y;
}
static double wanted(std::size_t i, std::size_t j, const std::vector<double> &x,
                     double a) {
  return (j == i ? x[i + 1] : 0) + (j == i + 1 ? x[i] : 0) +
         (j == 0 ? a * std::cos(x[0]) : 0);
}
static std::array<double, 2> curve(double t) { return {t * t, std::cos(t)}; }

int main() {
  std::vector<double> x{1, 2, 3, 4, 5, 6};
  const double a = 0.5;
  tern::matrix forward = tern::jacfwd<chain>(x, a);
  tern::matrix reverse = tern::jacrev<chain>(x, a);
  tern::matrix single = tern::jacrev<chain, 1>(x, a);
  near(forward.rows, 5);
  near(forward.columns, 6);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 6; ++j) {
      near(forward(i, j), wanted(i, j, x, a));
      near(reverse(i, j), wanted(i, j, x, a));
      near(single(i, j), wanted(i, j, x, a));
    }
  tern::matrix speed = tern::jacfwd<curve>(2.0);
  near(speed(0, 0), 4);
  near(speed(1, 0), -std::sin(2.0));
  auto scaled = [a](const std::array<double, 3> &v) {
    return std::array<double, 1>{a * v[0] * v[1] * v[2]};
  };
  tern::matrix row = tern::jacrev(scaled)(std::array<double, 3>{2, 3, 5});
  near(row(0, 0), 7.5);
  near(row(0, 2), 3);
  return failures();
}
