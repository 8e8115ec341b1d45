// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gaussian mixture model: the log likelihood of n points in d dimensions under
// k Gaussians, plus a log Wishart prior on their inverse covariances. The
// objective is that of ADBench.
//
//   alphas[k]               log weights, up to a constant
//   means[k][d]
//   icf[k][d + d(d-1)/2]    square root Q of the inverse covariance, lower
//                           triangular: logs of its diagonal, then what lies
//                           below it column by column
//   x[n][d]                 the points
#pragma once
#include "variant.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

struct GmmSizes {
  int d, k, n;
  double wishart_gamma;
  int wishart_m;
};

double gmm(const GmmSizes *sizes, const double *BENCH_RESTRICT alphas,
           const double *BENCH_RESTRICT means, const double *BENCH_RESTRICT icf,
           const double *BENCH_RESTRICT x);

void gmm_by_tern(const GmmSizes *sizes, const double *alphas, double *d_alphas,
                 const double *means, double *d_means, const double *icf,
                 double *d_icf, const double *x);

/// The value; the gradient is added to d_alphas, d_means and d_icf.
double
gmm_by_hand(const GmmSizes *sizes, const double *BENCH_RESTRICT alphas,
            double *BENCH_RESTRICT d_alphas, const double *BENCH_RESTRICT means,
            double *BENCH_RESTRICT d_means, const double *BENCH_RESTRICT icf,
            double *BENCH_RESTRICT d_icf, const double *BENCH_RESTRICT x);

/// The constants of the objective: normalisation and Wishart prior.
inline double gmm_constant(const GmmSizes *sizes) {
  const double pi = 3.14159265358979323846, ln2 = 0.69314718055994530942;
  const int d = sizes->d, k = sizes->k, m = sizes->wishart_m;
  const int degrees = d + m + 1;
  double log_gamma = 0.25 * d * (d - 1) * log(pi);
  for (int j = 1; j <= d; ++j)
    log_gamma += lgamma(0.5 * degrees + 0.5 * (1 - j));
  const double wishart =
      degrees * d * (log(sizes->wishart_gamma) - 0.5 * ln2) - log_gamma;
  return -0.5 * sizes->n * d * log(2 * pi) - k * wishart;
}

} // namespace bench::BENCH_VARIANT
