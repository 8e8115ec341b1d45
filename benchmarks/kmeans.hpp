// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The cost of k-means clustering, the sum over n points of the squared distance
// to the nearest of k centres in d dimensions. Newton's method on the centres
// wants its gradient and the diagonal of its Hessian.
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

struct KmeansSizes {
  int n, k, d;
};

double kmeans(const KmeansSizes *sizes, const double *BENCH_RESTRICT points,
              const double *BENCH_RESTRICT centres);

void kmeans_gradient_by_tern(const KmeansSizes *sizes, const double *points,
                             const double *centres, double *gradient);

/// Adds to both. The Hessian is diagonal, so that its product with the vector
/// of ones, one forward-over-reverse sweep, is its diagonal.
void kmeans_by_tern(const KmeansSizes *sizes, const double *points,
                    const double *centres, const double *ones, double *gradient,
                    double *diagonal);

double kmeans_by_hand(const KmeansSizes *sizes,
                      const double *BENCH_RESTRICT points,
                      const double *BENCH_RESTRICT centres,
                      double *BENCH_RESTRICT gradient,
                      double *BENCH_RESTRICT diagonal);

} // namespace bench::BENCH_VARIANT
