// RUN: %run-all-levels %s
// grad and value_and_grad: numbers, pointers, spans, containers, structs.
#include "Inputs/near.h"
#include <array>
#include <span>
#include <tern/tern.hpp>
#include <vector>

static double product(double x, double y) { return x * y * y; }
static float cube(float x) { return x * x * x; }
static double mixed(float x, double y) { return x * y; }
static double scaled(double x, int n) { return n * x * x; }

static double squares(const double *p, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += p[i] * p[i];
  return sum;
}
static void twice(const double *x, double *y, int n) {
  for (int i = 0; i < n; ++i)
    y[i] = 2 * x[i] * x[i];
}
static double span_squares(std::span<const double> p) {
  double sum = 0;
  for (double x : p)
    sum += x * x;
  return sum;
}
static double weighted(double x, const std::vector<double> &v) {
  double sum = 0;
  for (std::size_t i = 0; i < v.size(); ++i)
    sum += x * double(i + 1) * v[i] * v[i];
  return sum;
}
static double array_product(std::array<double, 3> a) {
  return a[0] * a[1] * a[2];
}
struct model {
  int layers;
  double weight[2];
  std::vector<double> bias;
};
static double loss(const model &m, double x) {
  return m.layers * (m.weight[0] * x + m.weight[1] * x * x) + m.bias[1] * x;
}

static void numbers() {
  auto [dx, dy] = tern::grad<product>(2.0, 3.0);
  near(dx, 9);
  near(dy, 12);
  auto [value, gradients] = tern::value_and_grad<product>(2.0, 3.0);
  near(value, 18);
  near(std::get<0>(gradients), 9);
  near(std::get<1>(gradients), 12);
  double y = 3;
  near(tern::grad<product>(2.0, tern::Const{y}), 9);
  near(tern::grad<product>(tern::Const{2.0}, tern::Active{y}), 12);
  near_float(tern::grad<cube>(2.0f), 12);
  auto [mx, my] = tern::grad<mixed>(2.0f, 3.0);
  near_float(mx, 3);
  near(my, 2);
  near(tern::grad<scaled>(3.0, 5), 30);
}

static void memory() {
  double p[3] = {1, 2, 3}, dp[3] = {100, 0, 0};
  tern::grad<squares>(tern::Duplicated{p, dp}, 3);
  near(dp[0], 102); // added to
  near(dp[2], 6);
  double *q = p, *dq = dp;
  dp[0] = 0;
  near(tern::value_and_grad<squares>(tern::Duplicated{q, dq}, 2), 5);
  near(dp[0], 2);
  double y[3], dy[3] = {1, 0, 1}, dx[3] = {};
  tern::grad<twice>(tern::Duplicated{p, dx}, tern::Duplicated{y, dy}, 3);
  near(y[1], 8);
  near(dx[0], 4);
  near(dx[1], 0);
  near(dx[2], 12);
  near(dy[0], 0); // consumed
  std::vector<double> v{1, 2}, dv(2);
  tern::grad<span_squares>(
      tern::Duplicated{std::span<const double>(v), std::span<double>(dv)});
  near(dv[1], 4);
}

static void objects() {
  std::vector<double> v{1, 2, 3};
  auto [dx, dv] = tern::grad<weighted>(2.0, v);
  near(dx, 1 + 8 + 27);
  near(dv.size(), 3);
  near(dv[2], 2 * 3 * 2 * 3);
  std::vector<double> shadow(3);
  near(tern::grad<weighted>(2.0, tern::Duplicated{v, shadow}), 36);
  near(shadow[0], 4);
  auto da = tern::grad<array_product>(std::array<double, 3>{2, 3, 5});
  near(da[0], 15);
  near(da[1], 10);
  near(da[2], 6);
  model m{2, {1, 2}, {3, 4}};
  auto [dm, dm_x] = tern::grad<loss>(m, 3.0);
  near(dm.layers, 2);
  near(dm.weight[0], 6);
  near(dm.weight[1], 18);
  near(dm.bias[0], 0);
  near(dm.bias[1], 3);
  near(dm_x, 2 * (1 + 12) + 4);
}

int main() {
  numbers();
  memory();
  objects();
  return failures();
}
