// RUN: %run-all-levels %s
// hessian and hvp: forward over reverse.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <tern/tern.hpp>
#include <vector>

static double rosenbrock(const std::vector<double> &x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    sum += 100 * a * a + b * b;
  }
  return sum;
}
static double wave(double x, double k) { return std::sin(k * x); }
static double saddle(const std::array<double, 2> &x) {
  return x[0] * x[0] * x[1];
}

int main() {
  std::vector<double> x{1.5, -0.5, 2};
  tern::matrix h = tern::hessian<rosenbrock>(x);
  near(h(0, 0), 1200 * 1.5 * 1.5 - 400 * -0.5 + 2);
  near(h(0, 1), -400 * 1.5);
  near(h(1, 0), -400 * 1.5);
  near(h(1, 1), 200 + 1200 * 0.25 - 400 * 2 + 2);
  near(h(1, 2), 200);
  near(h(2, 2), 200);
  near(h(0, 2), 0);
  std::vector<double> v{1, 2, 3};
  auto product = tern::hvp<rosenbrock>(x, v);
  for (std::size_t i = 0; i < 3; ++i)
    near(product[i], h(i, 0) * 1 + h(i, 1) * 2 + h(i, 2) * 3);
  near(tern::hessian<wave>(0.3, 2.0)(0, 0), -4 * std::sin(0.6));
  near(tern::hvp<wave>(0.3, 5.0, 2.0), -20 * std::sin(0.6));
  tern::matrix s = tern::hessian<saddle>(std::array<double, 2>{3, 4});
  near(s(0, 0), 8);
  near(s(0, 1), 6);
  near(s(1, 1), 0);
  return failures();
}
