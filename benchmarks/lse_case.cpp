// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lse.hpp"
#include "problem.hpp"
#include <cmath>

namespace bench::BENCH_VARIANT {

double lse_by_hand(int n, const double *BENCH_RESTRICT x,
                   double *BENCH_RESTRICT d_x) {
  double largest = x[0];
  for (int i = 1; i < n; ++i)
    largest = x[i] > largest ? x[i] : largest;
  // The exponentials are kept where the result goes, which starts as zero.
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += d_x[i] = std::exp(x[i] - largest);
  const double scale = 1 / sum;
  for (int i = 0; i < n; ++i)
    d_x[i] *= scale;
  return std::log(sum) + largest;
}

namespace {

class LseCase final : public Problem {
public:
  explicit LseCase(int n) : x(Generator(1).vector(n, -5, 5)) {
    name = "lse";
    input = "n=" + std::to_string(n);
#ifdef __FAST_MATH__
    target = 1.6;
#else
    target = 1.5;
#endif
  }
  std::span<double> parameters() override { return x; }
  double primal() override { return lse(size(), x.data()); }
  void by_hand(Vector &d_x) override {
    d_x.assign(x.size(), 0);
    lse_by_hand(size(), x.data(), d_x.data());
  }
  void by_tern([[maybe_unused]] Vector &d_x) override {
#ifdef BENCH_TERN
    d_x.assign(x.size(), 0);
    lse_by_tern(size(), x.data(), d_x.data());
#endif
  }

private:
  Vector x;
  int size() const { return static_cast<int>(x.size()); }
};

const Registration cases[] = {Registration(make_case<LseCase, 160000>)};

} // namespace
} // namespace bench::BENCH_VARIANT
