// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fits a differential equation to measurements: how fast a pendulum swings and
// how much friction it has, from where it was at 40 times. The gradient goes
// through every step of the Runge-Kutta method; Gauss-Newton would need the
// residuals' Jacobian, plain gradients with a line search are enough here.
#include <array>
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

using State = std::array<double, 2>;      // angle, angular velocity
using Parameters = std::array<double, 2>; // stiffness, friction
constexpr int Measurements = 40, StepsBetween = 10;
using Series = std::array<double, Measurements>;

State slope(const Parameters &p, const State &s) {
  return {s[1], -p[0] * std::sin(s[0]) - p[1] * s[1]};
}

State ahead(const State &s, double h, const State &k) {
  return {s[0] + h * k[0], s[1] + h * k[1]};
}

State runge_kutta(const Parameters &p, const State &s, double h) {
  const State k1 = slope(p, s);
  const State k2 = slope(p, ahead(s, h / 2, k1));
  const State k3 = slope(p, ahead(s, h / 2, k2));
  const State k4 = slope(p, ahead(s, h, k3));
  State next = s;
  for (int i = 0; i < 2; ++i)
    next[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  return next;
}

void simulate(const Parameters &p, Series &angles) {
  State s = {1.0, 0.0};
  for (double &angle : angles) {
    for (int step = 0; step < StepsBetween; ++step)
      s = runge_kutta(p, s, 0.02);
    angle = s[0];
  }
}

double misfit(const Parameters &p, const Series &measured) {
  Series angles{};
  simulate(p, angles);
  double sum = 0;
  for (int i = 0; i < Measurements; ++i)
    sum += (angles[i] - measured[i]) * (angles[i] - measured[i]);
  return sum;
}

int main() {
  const Parameters truth = {9.0, 0.3};
  Series measured{};
  simulate(truth, measured);

  Parameters p = {7.5, 0.8};
  double step = 0.01, value = misfit(p, measured);
  int iteration = 0;
  for (; iteration < 2000 && value > 1e-18; ++iteration) {
    const Parameters g = tern::grad<misfit>(p, tern::Const{measured});
    // Longer steps while they help, shorter ones until they do.
    for (step *= 4;; step /= 2) {
      const Parameters trial = {p[0] - step * g[0], p[1] - step * g[1]};
      const double there = misfit(trial, measured);
      if (there < value || step < 1e-12) {
        p = trial;
        value = there;
        break;
      }
    }
  }
  std::printf("after %d steps: stiffness %.8f, friction %.8f, misfit %.1e\n",
              iteration, p[0], p[1], value);
  return std::abs(p[0] - truth[0]) < 1e-6 && std::abs(p[1] - truth[1]) < 1e-6
             ? 0
             : 1;
}
