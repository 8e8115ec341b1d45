// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The objective of the demo: log posterior of a mixture of Gaussians in the
// plane. Nothing in this file knows that it will be differentiated.
//
// Parameters of K Gaussians, in this order:
//   alpha[K]      log weights, up to a constant
//   mean[K][2]
//   root[K][3]    square root Q = [[exp a, 0], [c, exp b]] of the inverse
//                 covariance, as a, b, c
#pragma once
#include <cmath>
#include <numbers>

constexpr int MostGaussians = 16;
constexpr int PerGaussian = 1 + 2 + 3;

struct Points {
  int gaussians = 0, count = 0;
  const double *xy = nullptr; ///< count times 2
  double wishart_gamma = 1;
  int wishart_m = 0;
  /// ADBench, where the published values come from, adds the prior's shape
  /// with a plus: a fit would run away. The fit uses minus.
  double prior_sign = 1;
};

inline double log_sum_exp(int n, const double *x) {
  double largest = x[0];
  for (int i = 1; i < n; ++i)
    largest = x[i] > largest ? x[i] : largest;
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += std::exp(x[i] - largest);
  return std::log(sum) + largest;
}

/// Half the squared length of Q (x - mean).
inline double half_distance(const double *root, const double *mean,
                            const double *x) {
  const double u = x[0] - mean[0], v = x[1] - mean[1];
  const double p = std::exp(root[0]) * u;
  const double q = std::exp(root[1]) * v + root[2] * u;
  return 0.5 * (p * p + q * q);
}

inline double log_likelihood(const Points *points, const double *parameters) {
  const int k = points->gaussians;
  const double *alpha = parameters, *mean = alpha + k, *root = mean + 2 * k;
  double total = 0;
  for (int i = 0; i < points->count; ++i) {
    double terms[MostGaussians];
    for (int c = 0; c < k; ++c) {
      const double *q = &root[3 * c];
      terms[c] = alpha[c] + q[0] + q[1] -
                 half_distance(q, &mean[2 * c], &points->xy[2 * i]);
    }
    total += log_sum_exp(k, terms);
  }
  return total - points->count * log_sum_exp(k, alpha) -
         points->count * std::log(2 * std::numbers::pi);
}

/// Log Wishart density of the inverse covariances.
inline double log_prior(const Points *points, const double *parameters) {
  const int k = points->gaussians, m = points->wishart_m, degrees = m + 3;
  const double gamma = points->wishart_gamma;
  const double *root = parameters + 3 * k;
  double shape = 0;
  for (int c = 0; c < k; ++c) {
    const double *q = &root[3 * c];
    const double squares =
        std::exp(2 * q[0]) + std::exp(2 * q[1]) + q[2] * q[2];
    shape += 0.5 * gamma * gamma * squares - m * (q[0] + q[1]);
  }
  const double constant =
      2 * degrees * (std::log(gamma) - 0.5 * std::numbers::ln2) -
      (0.5 * std::log(std::numbers::pi) + std::lgamma(0.5 * degrees) +
       std::lgamma(0.5 * (degrees - 1)));
  return points->prior_sign * shape - k * constant;
}

inline double log_posterior(const Points *points, const double *parameters) {
  return log_likelihood(points, parameters) + log_prior(points, parameters);
}
