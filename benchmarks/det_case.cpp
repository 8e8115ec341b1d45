// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The derivative of the recursion by hand: the adjoint of a minor goes down
// with it, and the minor's value comes back up, in one recursion.
#include "det.hpp"
#include "problem.hpp"
#include <utility>

namespace bench::BENCH_VARIANT {

namespace {

/// The value of the minor; adds adjoint * its derivative to d_a.
double minor_by_hand(int n, int left, const double *BENCH_RESTRICT a,
                     double *BENCH_RESTRICT d_a,
                     std::pair<const int *, double> columns_and_adjoint) {
  const auto [columns, adjoint] = columns_and_adjoint;
  const double *row = &a[(n - left) * n];
  double *d_row = &d_a[(n - left) * n];
  if (left == 1) {
    d_row[columns[0]] += adjoint;
    return row[columns[0]];
  }
  int others[32];
  for (int i = 1; i < left; ++i)
    others[i - 1] = columns[i];
  double sum = 0, sign = 1;
  for (int i = 0; i < left; ++i) {
    const double factor = sign * row[columns[i]];
    const double value =
        minor_by_hand(n, left - 1, a, d_a, {others, adjoint * factor});
    sum += factor * value;
    d_row[columns[i]] += adjoint * sign * value;
    others[i] = columns[i];
    sign = -sign;
  }
  return sum;
}

} // namespace

void det_by_hand(int n, const double *BENCH_RESTRICT a,
                 double *BENCH_RESTRICT d_a) {
  int columns[32];
  for (int i = 0; i < n; ++i)
    columns[i] = i;
  minor_by_hand(n, n, a, d_a, {columns, 1.0});
}

namespace {

class DetCase final : public Problem {
public:
  explicit DetCase(int n) : n(n), a(Generator(4).vector(n * n)) {
    name = "det";
    input = "n=" + std::to_string(n);
    target = 5;
  }
  std::span<double> parameters() override { return a; }
  double primal() override { return det(n, a.data()); }
  void by_hand(Vector &d_a) override {
    d_a.assign(a.size(), 0);
    det_by_hand(n, a.data(), d_a.data());
  }
  void by_tern([[maybe_unused]] Vector &d_a) override {
#ifdef BENCH_TERN
    d_a.assign(a.size(), 0);
    det_by_tern(n, a.data(), d_a.data());
#endif
  }

private:
  int n;
  Vector a;
};

const Registration cases[] = {Registration(make_case<DetCase, 9>)};

} // namespace
} // namespace bench::BENCH_VARIANT
