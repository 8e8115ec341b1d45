// RUN: %run-all-levels %s
// vjp: the pullback can be called again, moved, and dropped without a call.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <tern/tern.hpp>
#include <vector>

static double product(double x, double y) { return x * y * y; }
static std::array<double, 2> pair(std::array<double, 2> x) {
  return {x[0] * x[1], std::sin(x[0])};
}
static std::vector<double> prefix(const std::vector<double> &x) {
  std::vector<double> y(x.size());
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += x[i] * x[i];
    y[i] = sum;
  }
  return y;
}
// Overwritten values and a trip count that is not known before.
static double newton(double a) {
  double x = a;
  while (std::abs(x * x - a) > 1e-14 * a)
    x = 0.5 * (x + a / x);
  return x;
}

int main() {
  auto [value, back] = tern::vjp<product>(2.0, 3.0);
  near(value, 18);
  for (double seed : {1.0, 1.0, 5.0}) {
    auto [dx, dy] = back(seed);
    near(dx, 9 * seed);
    near(dy, 12 * seed);
  }
  auto moved = std::move(back);
  near(std::get<0>(moved(1.0)), 9);

  auto [both, back_pair] = tern::vjp<pair>(std::array<double, 2>{2, 3});
  near(both[0], 6);
  auto row = back_pair({1, 0});
  near(row[0], 3);
  near(row[1], 2);
  row = back_pair({0, 1});
  near(row[0], std::cos(2.0));
  near(row[1], 0);

  std::vector<double> x{1, 2, 3};
  auto [sums, back_sums] = tern::vjp<prefix>(x);
  near(sums[2], 14);
  auto gradient = back_sums({0, 1, 1});
  near(gradient[0], 4);
  near(gradient[1], 8);
  near(gradient[2], 6);
  gradient = back_sums({0, 1, 1});
  near(gradient[0], 4);

  auto [root, back_root] = tern::vjp<newton>(9.0);
  near(root, 3);
  near(back_root(1.0), 1.0 / 6);
  near(back_root(2.0), 1.0 / 3);
  auto dropped = tern::vjp<newton>(2.0);
  near(dropped.first, std::sqrt(2.0));
  return failures();
}
