// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "gmm.hpp"
#include "ask.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

static double sum_of_squares(int n, const double *BENCH_RESTRICT x) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += x[i] * x[i];
  return sum;
}

static double log_sum_exp(int n, const double *BENCH_RESTRICT x) {
  double largest = x[0];
  for (int i = 1; i < n; ++i)
    largest = x[i] > largest ? x[i] : largest;
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += exp(x[i] - largest);
  return log(sum) + largest;
}

/// out = Q v, Q given by its diagonal and by what lies below it.
static void lower_times(int d, const double *BENCH_RESTRICT diagonal,
                        const double *BENCH_RESTRICT below,
                        const double *BENCH_RESTRICT v,
                        double *BENCH_RESTRICT out) {
  for (int i = 0; i < d; ++i)
    out[i] = diagonal[i] * v[i];
  for (int column = 0; column < d; ++column) {
    for (int row = column + 1; row < d; ++row)
      out[row] += below[row - column - 1] * v[column];
    below += d - column - 1;
  }
}

double gmm(const GmmSizes *sizes, const double *BENCH_RESTRICT alphas,
           const double *BENCH_RESTRICT means, const double *BENCH_RESTRICT icf,
           const double *BENCH_RESTRICT x) {
  const int d = sizes->d, k = sizes->k, n = sizes->n;
  const int icf_size = d * (d + 1) / 2;
  double *diagonals = new double[d * k];
  double *log_determinants = new double[k];
  double *terms = new double[k];
  double *centred = new double[d];
  double *scaled = new double[d];

  double prior = 0;
  for (int c = 0; c < k; ++c) {
    double log_determinant = 0;
    for (int i = 0; i < d; ++i) {
      log_determinant += icf[c * icf_size + i];
      diagonals[c * d + i] = exp(icf[c * icf_size + i]);
    }
    log_determinants[c] = log_determinant;
    const double frobenius =
        sum_of_squares(d, &diagonals[c * d]) +
        sum_of_squares(icf_size - d, &icf[c * icf_size + d]);
    prior += 0.5 * sizes->wishart_gamma * sizes->wishart_gamma * frobenius -
             sizes->wishart_m * log_determinant;
  }

  double likelihood = 0;
  for (int point = 0; point < n; ++point) {
    for (int c = 0; c < k; ++c) {
      for (int i = 0; i < d; ++i)
        centred[i] = x[point * d + i] - means[c * d + i];
      lower_times(d, &diagonals[c * d], &icf[c * icf_size + d], centred,
                  scaled);
      terms[c] =
          alphas[c] + log_determinants[c] - 0.5 * sum_of_squares(d, scaled);
    }
    likelihood += log_sum_exp(k, terms);
  }
  const double value =
      likelihood - n * log_sum_exp(k, alphas) + prior + gmm_constant(sizes);

  delete[] diagonals;
  delete[] log_determinants;
  delete[] terms;
  delete[] centred;
  delete[] scaled;
  return value;
}

#ifdef BENCH_TERN
void gmm_by_tern(const GmmSizes *sizes, const double *alphas, double *d_alphas,
                 const double *means, double *d_means, const double *icf,
                 double *d_icf, const double *x) {
  __enzyme_autodiff<void>((void *)gmm, enzyme_const, sizes, enzyme_dup, alphas,
                          d_alphas, enzyme_dup, means, d_means, enzyme_dup, icf,
                          d_icf, enzyme_const, x);
}
#endif

} // namespace bench::BENCH_VARIANT
