// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tests the yardstick itself: every derivative written by hand against central
// finite differences along random directions (Richardson extrapolated), and
// against published values where the data are there. Needs no Tern.
#include "problem.hpp"
#include <cmath>
#include <cstdio>

using bench::Problem;
using bench::Vector;

static Vector outputs_at(Problem &problem, const Vector &direction, double h) {
  auto parameters = problem.parameters();
  const Vector kept(parameters.begin(), parameters.end());
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i] += h * direction[i];
  Vector outputs = problem.outputs();
  std::copy(kept.begin(), kept.end(), parameters.begin());
  return outputs;
}

/// (f(x + hv) - f(x - hv)) / 2h, and with h/2 to cancel the h^2 term.
static Vector differences(Problem &problem, const Vector &direction) {
  const double h = problem.step;
  const Vector wide[] = {outputs_at(problem, direction, h),
                         outputs_at(problem, direction, -h)};
  const Vector narrow[] = {outputs_at(problem, direction, h / 2),
                           outputs_at(problem, direction, -h / 2)};
  Vector result(wide[0].size());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] =
        (8 * (narrow[0][i] - narrow[1][i]) - (wide[0][i] - wide[1][i])) /
        (6 * h);
  return result;
}

static double relative_error(const Vector &left, const Vector &right) {
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference = std::fmax(difference, std::fabs(left[i] - right[i]));
    size = std::fmax(size, std::fabs(right[i]));
  }
  return difference / (size > 0 ? size : 1);
}

static bool passes(Problem &problem) {
  Vector derivative;
  problem.by_hand(derivative);
  double error = 0;
  bench::Generator random(11);
  for (int trial = 0; trial < 3; ++trial) {
    const Vector direction = random.vector(problem.parameters().size());
    const Vector exact = problem.times(derivative, direction);
    error = std::fmax(error,
                      relative_error(differences(problem, direction), exact));
  }
  const std::string published = problem.compare_with_published(derivative);
  const bool good = error < 1e-6 && published.empty();
  std::printf("%-8s %-28s error %.1e %s%s\n", problem.name.c_str(),
              problem.input.c_str(), error, good ? "ok" : "FAILED ",
              published.c_str());
  return good;
}

int main() {
  bool good = !bench::problem_makers().empty();
  for (auto make : bench::problem_makers())
    good &= passes(*make());
  return good ? 0 : 1;
}
