// RUN: %run-all-levels %s
// Function objects: captures carry no derivative, and are not copied by grad.
#include "Inputs/near.h"
#include <tern/tern.hpp>
#include <vector>

struct polynomial {
  std::vector<double> coefficients;
  double operator()(double x) const {
    double value = 0;
    for (std::size_t i = coefficients.size(); i-- > 0;)
      value = value * x + coefficients[i];
    return value;
  }
};

static auto times(double factor) {
  return [factor](double x) { return factor * x * x; };
}

int main() {
  double k = 3;
  std::vector<double> data{1, 2, 3};
  auto misfit = [k, &data](double slope) {
    double sum = 0;
    for (double x : data)
      sum += (slope * x - k) * (slope * x - k);
    return sum;
  };
  // sum 2 (s x - 3) x = 2 (14 s - 18)
  near(tern::grad(misfit)(2.0), 20);
  near(tern::jvp(misfit)(tern::Dual{2.0, 1.0}), 20);
  auto [value, slope] = tern::value_and_grad(misfit)(2.0);
  near(value, 1 + 1 + 9);
  near(slope, 20);
  near(tern::grad(polynomial{{1, 2, 3}})(2.0), 14);
  near(tern::grad(times(5))(3.0), 30);
  near(tern::grad<[](double x) { return x * x; }>(4.0), 8);
  auto generic = [](auto x, auto y) { return x * y; };
  auto [dx, dy] = tern::grad(generic)(2.0, 5.0);
  near(dx, 5);
  near(dy, 2);
  return failures();
}
