// RUN: %run-all-levels %s
// jvp and value_and_jvp: numbers, memory, objects, results in memory.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <tern/tern.hpp>
#include <vector>

static double product(double x, double y) { return x * y * y; }
static float cube(float x) { return x * x * x; }
static void twice(const double *x, double *y, int n) {
  for (int i = 0; i < n; ++i)
    y[i] = 2 * x[i] * x[i];
}
static double total(const std::vector<double> &v) {
  double sum = 0;
  for (double x : v)
    sum += std::sin(x);
  return sum;
}
static std::array<double, 2> pair(std::array<double, 2> x) {
  return {x[0] * x[1], x[0]};
}
static std::vector<double> squares(const std::vector<double> &x) {
  std::vector<double> y;
  for (double number : x)
    y.push_back(number * number);
  return y;
}

int main() {
  near(tern::jvp<product>(tern::Dual{2.0, 1.0}, tern::Const{3.0}), 9);
  near(tern::jvp<product>(tern::Dual{2.0, 1}, tern::Dual{3.0, 10}), 129);
  auto [value, tangent] =
      tern::value_and_jvp<product>(tern::Const{2.0}, tern::Dual{3.0, 1.0});
  near(value, 18);
  near(tangent, 12);
  near_float(tern::jvp<cube>(tern::Dual{2.0f, 1.0f}), 12);

  double x[2] = {1, 2}, x_tan[2] = {1, 3}, y[2], y_tan[2] = {77, 77};
  tern::jvp<twice>(tern::Dual{x, x_tan}, tern::Dual{y, y_tan}, 2);
  near(y[1], 8);
  near(y_tan[0], 4);
  near(y_tan[1], 24);

  std::vector<double> v{1, 2}, v_tan{0, 2};
  near(tern::jvp<total>(tern::Dual{v, v_tan}), 2 * std::cos(2.0));
  auto t = tern::jvp<pair>(tern::Dual{std::array<double, 2>{2, 3},
                                      std::array<double, 2>{1, 10}});
  near(t[0], 23);
  near(t[1], 1);
  auto [s, s_tan] = tern::value_and_jvp<squares>(tern::Dual{v, v_tan});
  near(s[1], 4);
  near(s_tan[0], 0);
  near(s_tan[1], 8);
  return failures();
}
