// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "llsq.hpp"
#include "problem.hpp"

namespace bench::BENCH_VARIANT {

double llsq_by_hand(int n, int m, const double *BENCH_RESTRICT x,
                    double *BENCH_RESTRICT d_x) {
  // The powers of one point, a chain of products, are kept for its gradient,
  // which then has no chain and vectorises.
  Vector powers(m);
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double t = -1 + i * 2.0 / (n - 1);
    double residual = t > 0 ? 1 : t < 0 ? -1 : 0;
    double power = 1;
    for (int j = 0; j < m; ++j) {
      powers[j] = power;
      residual -= x[j] * power;
      power *= t;
    }
    sum += residual * residual;
    for (int j = 0; j < m; ++j)
      d_x[j] -= residual * powers[j];
  }
  return sum / 2;
}

namespace {

class LlsqCase final : public Problem {
public:
  LlsqCase(int n, int m) : n(n), x(Generator(2).vector(m)) {
    name = "llsq";
    input = "n=" + std::to_string(n) + " m=" + std::to_string(m);
    target = 1.4;
  }
  std::span<double> parameters() override { return x; }
  double primal() override { return llsq(n, size(), x.data()); }
  void by_hand(Vector &d_x) override {
    d_x.assign(x.size(), 0);
    llsq_by_hand(n, size(), x.data(), d_x.data());
  }
  void by_tern([[maybe_unused]] Vector &d_x) override {
#ifdef BENCH_TERN
    d_x.assign(x.size(), 0);
    llsq_by_tern(n, size(), x.data(), d_x.data());
#endif
  }

private:
  int n;
  Vector x;
  int size() const { return static_cast<int>(x.size()); }
};

const Registration cases[] = {Registration(make_case<LlsqCase, 2048, 128>)};

} // namespace
} // namespace bench::BENCH_VARIANT
