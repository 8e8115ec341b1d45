// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fits a mixture of Gaussians to points in the plane by maximising its
// log posterior with L-BFGS. The objective is plain C++; its gradient comes
// from Tern. On the way: the gradient is compared with finite differences and
// with a published value, and its time with that of the objective. What came
// out is drawn into gmm_fit.svg.
//
//   gmm_fit [picture.svg]
#include "gmm_fit/input.hpp"
#include "gmm_fit/mixture.hpp"
#include "gmm_fit/picture.hpp"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <lbfgs.h>
#include <string>
#include <tern/tern.hpp>
#include <vector>

namespace {

using Vector = std::vector<double>;

/// The derivative of log_posterior by all parameters, written by the compiler.
Vector gradient(const Points &points, const Vector &parameters) {
  Vector result(parameters.size());
  tern::grad<log_posterior>(tern::Const{&points},
                            tern::Duplicated{parameters.data(), result.data()});
  return result;
}

double norm(const Vector &v) {
  double sum = 0;
  for (double entry : v)
    sum += entry * entry;
  return std::sqrt(sum);
}

/// The largest difference to central differences, relative to the gradient.
double error_by_differences(const Points &points, Vector parameters) {
  const Vector exact = gradient(points, parameters);
  double largest = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const double at = parameters[i], h = 1e-5;
    parameters[i] = at + h;
    const double above = log_posterior(&points, parameters.data());
    parameters[i] = at - h;
    const double below = log_posterior(&points, parameters.data());
    parameters[i] = at;
    largest = std::max(largest, std::abs((above - below) / (2 * h) - exact[i]));
  }
  return largest / norm(exact);
}

template <class Run> double best_time(Run run) {
  using clock = std::chrono::steady_clock;
  double best = INFINITY;
  for (int round = 0; round < 200; ++round) {
    const auto start = clock::now();
    run();
    const std::chrono::duration<double> took = clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

/// The checks at the starting point; false if one fails.
bool check(const Points &start, const Vector &parameters,
           double published_square) {
  const Vector g = gradient(start, parameters);
  const double square = norm(g) * norm(g);
  const double error = error_by_differences(start, parameters);
  std::printf("objective %.6f, |g|^2 %.3f",
              log_posterior(&start, parameters.data()), square);
  bool good = error < 1e-6;
  if (published_square != 0) {
    good &= std::abs(square / published_square - 1) < 1e-8;
    std::printf(" (published: %.3f)", published_square);
  }
  std::printf("\nfinite differences agree to %.1e\n", error);

  volatile double sink;
  const double primal =
      best_time([&] { sink = log_posterior(&start, parameters.data()); });
  const double both = best_time([&] { sink = gradient(start, parameters)[0]; });
  std::printf(
      "objective %.1f us, gradient %.1f us: %.2f times the objective\n\n",
      1e6 * primal, 1e6 * both, both / primal);
  return good;
}

/// L-BFGS minimises, so it is handed the negative.
double evaluate(void *points, const double *at, double *slope, int count,
                double) {
  const Vector parameters(at, at + count);
  const Vector g = gradient(*static_cast<const Points *>(points), parameters);
  std::transform(g.begin(), g.end(), slope, std::negate<>());
  return -log_posterior(static_cast<const Points *>(points), at);
}

constexpr int MostSteps = 500;

int show(void *, const double *, const double *, double value, double,
         double slope, double, int, int step, int) {
  // |g| falls by seven orders of magnitude; the bar shows how far it is.
  static const double first = slope;
  const double done = std::log(first / slope) / std::log(1e7);
  const int filled = static_cast<int>(24 * std::clamp(done, 0.0, 1.0));
  std::printf("[%-24s] step %3d  objective %14.6f  |g| %.3e\n",
              std::string(filled, '#').c_str(), step, -value, slope);
  return 0;
}

bool fit(Points &points, Vector &parameters) {
  lbfgs_parameter_t settings;
  lbfgs_parameter_init(&settings);
  settings.epsilon = 1e-7;
  settings.max_iterations = MostSteps;
  const int status =
      lbfgs(static_cast<int>(parameters.size()), parameters.data(), nullptr,
            evaluate, show, &points, &settings);
  // At the optimum rounding may leave no step that is better still.
  const bool stalled = status == LBFGSERR_ROUNDING_ERROR ||
                       status == LBFGSERR_MAXIMUMLINESEARCH ||
                       status == LBFGSERR_MINIMUMSTEP;
  const bool limited = status == LBFGSERR_MAXIMUMITERATION;
  const bool good = status >= 0 || stalled || limited;
  std::printf("\nL-BFGS: %s\n", limited   ? "step limit reached"
                                : stalled ? "no better step found"
                                : good    ? "converged"
                                          : "failed");
  return good;
}

} // namespace

int main(int argc, char **argv) {
  Input input = read_or_generate();
  std::printf("%s: %d points, %zu parameters\n", input.name.c_str(),
              input.points.count, input.parameters.size());
  if (!check(input.points, input.parameters, input.published_square)) {
    std::fprintf(stderr, "gmm_fit: the gradient is wrong\n");
    return 1;
  }

  // From here on a proper posterior: see Points::prior_sign.
  input.points.prior_sign = -1;
  const double before = log_posterior(&input.points, input.parameters.data());
  if (!fit(input.points, input.parameters))
    return 1;
  const double after = log_posterior(&input.points, input.parameters.data());
  std::printf("log posterior %.3f -> %.3f\n", before, after);

  const std::string picture = argc > 1 ? argv[1] : "gmm_fit.svg";
  if (!draw(picture, input.points, input.parameters)) {
    std::fprintf(stderr, "gmm_fit: cannot write %s\n", picture.c_str());
    return 1;
  }
  std::printf("picture: %s\n", picture.c_str());
  return after > before ? 0 : 1;
}
