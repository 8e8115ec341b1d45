// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kmeans.hpp"
#include "ask.hpp"

namespace bench::BENCH_VARIANT {

static double squared_distance(int d, const double *BENCH_RESTRICT a,
                               const double *BENCH_RESTRICT b) {
  double sum = 0;
  for (int i = 0; i < d; ++i)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

double kmeans(const KmeansSizes *sizes, const double *BENCH_RESTRICT points,
              const double *BENCH_RESTRICT centres) {
  const int n = sizes->n, k = sizes->k, d = sizes->d;
  double cost = 0;
  for (int i = 0; i < n; ++i) {
    double nearest = squared_distance(d, &points[i * d], centres);
    for (int c = 1; c < k; ++c) {
      const double distance =
          squared_distance(d, &points[i * d], &centres[c * d]);
      nearest = distance < nearest ? distance : nearest;
    }
    cost += nearest;
  }
  return cost;
}

#ifdef BENCH_TERN
void kmeans_gradient_by_tern(const KmeansSizes *sizes, const double *points,
                             const double *centres, double *gradient) {
  __enzyme_autodiff<void>((void *)kmeans, enzyme_const, sizes, enzyme_const,
                          points, enzyme_dup, centres, gradient);
}

void kmeans_by_tern(const KmeansSizes *sizes, const double *points,
                    const double *centres, const double *ones, double *gradient,
                    double *diagonal) {
  __enzyme_fwddiff<void>((void *)kmeans_gradient_by_tern, enzyme_const, sizes,
                         enzyme_const, points, enzyme_dup, centres, ones,
                         enzyme_dup, gradient, diagonal);
}
#endif

} // namespace bench::BENCH_VARIANT
