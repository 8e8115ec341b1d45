// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kmeans.hpp"
#include "problem.hpp"
#include <algorithm>

namespace bench::BENCH_VARIANT {

double kmeans_by_hand(const KmeansSizes *sizes,
                      const double *BENCH_RESTRICT points,
                      const double *BENCH_RESTRICT centres,
                      double *BENCH_RESTRICT gradient,
                      double *BENCH_RESTRICT diagonal) {
  const int n = sizes->n, k = sizes->k, d = sizes->d;
  double cost = 0;
  for (int p = 0; p < n; ++p) {
    const double *point = &points[p * d];
    int nearest = 0;
    double least = 0;
    for (int c = 0; c < k; ++c) {
      double distance = 0;
      for (int i = 0; i < d; ++i)
        distance +=
            (point[i] - centres[c * d + i]) * (point[i] - centres[c * d + i]);
      if (c == 0 || distance < least) {
        least = distance;
        nearest = c;
      }
    }
    cost += least;
    for (int i = 0; i < d; ++i) {
      gradient[nearest * d + i] += 2 * (centres[nearest * d + i] - point[i]);
      diagonal[nearest * d + i] += 2;
    }
  }
  return cost;
}

namespace {

/// Derivative: the gradient, then the diagonal of the Hessian.
class KmeansCase final : public Problem {
public:
  KmeansCase(int n, int k, int d) : sizes{n, k, d} {
    name = "kmeans";
    input = "n=" + std::to_string(n) + " k=" + std::to_string(k) +
            " d=" + std::to_string(d);
    target = 2;
    step = 1e-6; // no point may change its centre between the two ends
    Generator random(3);
    points = random.vector(n * d);
    centres = random.vector(k * d);
    ones.assign(k * d, 1);
  }
  std::span<double> parameters() override { return centres; }
  double primal() override {
    return kmeans(&sizes, points.data(), centres.data());
  }
  void by_hand(Vector &derivative) override {
    derivative.assign(2 * centres.size(), 0);
    kmeans_by_hand(&sizes, points.data(), centres.data(), derivative.data(),
                   derivative.data() + centres.size());
  }
  void by_tern([[maybe_unused]] Vector &derivative) override {
#ifdef BENCH_TERN
    derivative.assign(2 * centres.size(), 0);
    kmeans_by_tern(&sizes, points.data(), centres.data(), ones.data(),
                   derivative.data(), derivative.data() + centres.size());
#endif
  }
  /// The cost and its gradient, so that differences see the Hessian too.
  Vector outputs() override {
    Vector derivative;
    by_hand(derivative);
    derivative.resize(centres.size());
    derivative.push_back(primal());
    return derivative;
  }
  Vector times(const Vector &derivative, const Vector &direction) override {
    Vector product(centres.size() + 1);
    for (std::size_t i = 0; i < centres.size(); ++i) {
      product[i] = derivative[centres.size() + i] * direction[i];
      product.back() += derivative[i] * direction[i];
    }
    return product;
  }

private:
  KmeansSizes sizes;
  Vector points, centres, ones;
};

const Registration cases[] = {
    Registration(make_case<KmeansCase, 10000, 100, 8>)};

} // namespace
} // namespace bench::BENCH_VARIANT
