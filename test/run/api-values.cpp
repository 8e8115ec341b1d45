// RUN: %run-all-levels %s
// zeros_like and the walk over a value's numbers; check_grads on right and
// wrong derivatives.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <complex>
#include <string>
#include <tern/tern.hpp>
#include <vector>

struct layer {
  double weight[2][3];
  std::vector<float> bias;
};
struct network {
  std::string name;
  int depth;
  std::vector<layer> layers;
  std::array<std::pair<double, int>, 2> tagged;
  std::complex<double> phase;
  double *borrowed;
};

static double smooth(double x, const std::vector<double> &v) {
  return std::exp(x) * v[0] + v[1] * v[1];
}

static double wrong(double x) { return x * x; }
struct wrong_recorded {
  void *tape;
  double result;
};
static wrong_recorded wrong_record(double x) { return {nullptr, x * x}; }
static double wrong_reverse(double x, double adjoint, void *) {
  return 3 * x * adjoint;
}
TERN_GRADIENT(wrong, wrong_record, wrong_reverse);
static double uses_wrong(double x) { return wrong(x); }

// 5 % wrong in forward mode.
static double almost(double x) { return x * x; }
static double almost_jvp(double x, double tangent) { return 2.1 * x * tangent; }
TERN_DERIVATIVE(almost, almost_jvp);

// Right and wrong derivatives, at any scale.
static void scales() {
  auto square = [](auto x) { return x * x; };
  for (double x : {1e-150, 1e-8, 1.0, 1e4, 1e8, 1e100}) {
    near(bool(tern::check_grads(square)(x)), 1);
    near(bool(tern::check_grads<almost>(x)), 0);
    near(bool(tern::check_grads([x](double y) { return x * almost(y); })(3.0)),
         0);
  }
  for (float x : {1e-10f, 1.0f, 1e5f})
    near(bool(tern::check_grads(square)(x)), 1);
  near(bool(tern::check_grads([](double x) { return std::sqrt(x); })(1e-10)),
       1);
  near(bool(tern::check_grads([](double x) { return std::log(x); })(1e-3)), 1);
  // At extrema, at zero, constant.
  auto valley = [](double x) {
    return (x - 1) * (x - 1) + (x - 1) * (x - 1) * (x - 1);
  };
  near(bool(tern::check_grads(valley)(1.0)), 1);
  near(bool(tern::check_grads([](double x) { return std::sin(x); })(M_PI / 2)),
       1);
  near(bool(tern::check_grads([](double x) { return std::sin(x); })(0.0)), 1);
  near(bool(tern::check_grads([](double x) { return 3 + 0 * x; })(2.0)), 1);
  near(bool(tern::check_grads([](const std::vector<double> &x) {
         return x[0] * x[1] + std::sqrt(x[2]);
       })(std::vector<double>{1e10, 0, 1e-8})),
       1);
}

int main() {
  scales();
  double borrowed = 7;
  network net{
      "n",    2,        {{{{1, 2, 3}, {4, 5, 6}}, {7, 8}}}, {{{1, 2}, {3, 4}}},
      {5, 6}, &borrowed};
  network shadow = tern::zeros_like(net);
  near(shadow.name == "n", 1);
  near(shadow.depth, 2);
  near(shadow.layers.size(), 1);
  near(shadow.layers[0].weight[1][2], 0);
  near(shadow.layers[0].bias.size(), 2);
  near(shadow.layers[0].bias[1], 0);
  near(shadow.tagged[1].first, 0);
  near(shadow.tagged[1].second, 4);
  near(shadow.phase.imag(), 0);
  near(shadow.borrowed == &borrowed, 1);
  near(borrowed, 7);
  near(net.layers[0].weight[1][2], 6);

  std::vector<double> v{2, 3};
  near(bool(tern::check_grads<smooth>(0.5, v)), 1);
  near(bool(tern::check_grads([](double x) { return x * x; })(2.0)), 1);
  tern::check_result found = tern::check_grads<uses_wrong>(2.0);
  near(found.passed, 0);
  near(found.difference_error < 1e-6, 1); // forward mode differentiates wrong
  near(found.dot_error > 0.1, 1);
  return failures();
}
