// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small neural network learns which points lie inside a circle: two inputs,
// two hidden layers of 12, Adam on the gradient of the cross entropy. The model
// is a plain struct; its gradient comes as one of the same type.
#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <tern/tern.hpp>
#include <vector>

constexpr int Hidden = 12;

struct Model {
  std::array<double, 2 * Hidden> w1;
  std::array<double, Hidden> b1;
  std::array<double, Hidden * Hidden> w2;
  std::array<double, Hidden> b2;
  std::array<double, Hidden + 1> w3;
};

struct Sample {
  double x, y, inside;
};

/// The log odds that a point is inside.
double predict(const Model &m, double x, double y) {
  std::array<double, Hidden> first, second;
  for (int i = 0; i < Hidden; ++i)
    first[i] = std::tanh(m.w1[2 * i] * x + m.w1[2 * i + 1] * y + m.b1[i]);
  double out = m.w3[Hidden];
  for (int i = 0; i < Hidden; ++i) {
    second[i] = m.b2[i];
    for (int j = 0; j < Hidden; ++j)
      second[i] += m.w2[i * Hidden + j] * first[j];
    out += m.w3[i] * std::tanh(second[i]);
  }
  return out;
}

double loss(const Model &m, const std::vector<Sample> &samples) {
  double sum = 0;
  for (const Sample &s : samples) {
    const double odds = predict(m, s.x, s.y);
    sum += std::log1p(std::exp(-std::abs(odds))) + std::fmax(odds, 0.0) -
           odds * s.inside;
  }
  return sum / static_cast<double>(samples.size());
}

/// The numbers of a model in a row.
double *numbers(Model &m) { return reinterpret_cast<double *>(&m); }

int main() {
  std::mt19937 engine(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<Sample> samples(300);
  for (Sample &s : samples) {
    s = {uniform(engine), uniform(engine), 0};
    s.inside = s.x * s.x + s.y * s.y < 0.5;
  }
  Model model{}, mean{}, square{};
  constexpr int Count = sizeof(Model) / sizeof(double);
  for (int i = 0; i < Count; ++i)
    numbers(model)[i] = 0.7 * uniform(engine);

  double value = 0;
  for (int step = 1; step <= 400; ++step) {
    auto [now, gradient] =
        tern::value_and_grad<loss>(model, tern::Const{samples});
    for (int i = 0; i < Count; ++i) {
      double &m = numbers(mean)[i], &v = numbers(square)[i];
      const double g = numbers(gradient)[i];
      m += 0.1 * (g - m);
      v += 0.001 * (g * g - v);
      numbers(model)[i] -= 0.02 * (m / (1 - std::pow(0.9, step))) /
                           (std::sqrt(v / (1 - std::pow(0.999, step))) + 1e-8);
    }
    value = now;
    if (step % 50 == 0)
      std::printf("step %3d  loss %.5f\n", step, value);
  }
  int right = 0;
  for (const Sample &s : samples)
    right += (predict(model, s.x, s.y) > 0) == (s.inside > 0.5);
  std::printf("%d of %zu points right\n", right, samples.size());
  return value < 0.1 && right > 290 ? 0 : 1;
}
