// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The derivative of the Runge-Kutta loop by hand: the state of every step is
// kept, the stages of a step are computed again on the way back.
#include "ode.hpp"
#include "problem.hpp"
#include <algorithm>
#include <utility>

namespace bench::BENCH_VARIANT {

namespace {

struct Chain {
  int n;
  const double *x;

  void slope(const double *BENCH_RESTRICT y, double *BENCH_RESTRICT k) const {
    k[0] = x[0];
    for (int i = 1; i < n; ++i)
      k[i] = x[i] * y[i - 1];
  }
  /// out = slope(y + h k)
  void stage(const double *BENCH_RESTRICT y, double h,
             const double *BENCH_RESTRICT k, double *BENCH_RESTRICT out) const {
    out[0] = x[0];
    for (int i = 1; i < n; ++i)
      out[i] = x[i] * (y[i - 1] + h * k[i - 1]);
  }
  /// Adjoint of stage, with the old adjoint of k to be replaced by
  /// weight * a + h * d(y + h k); the adjoint of y is added to `a_next`.
  struct Adjoints {
    const double *a; ///< adjoint of the step's result
    double *a_next;  ///< adjoint of its start
    double *d_x;
  };
  void back(const double *BENCH_RESTRICT y, double h,
            const double *BENCH_RESTRICT k, double *BENCH_RESTRICT d_out,
            std::pair<Adjoints, double> adjoints) const {
    const auto [adj, weight] = adjoints;
    const double *BENCH_RESTRICT a = adj.a;
    double *BENCH_RESTRICT a_next = adj.a_next;
    double *BENCH_RESTRICT d_x = adj.d_x;
    d_x[0] += d_out[0];
    // d_out[i + 1] is read before it is replaced, in the order of i.
    for (int i = 0; i + 1 < n; ++i) {
      const double d_middle = x[i + 1] * d_out[i + 1];
      d_x[i + 1] += d_out[i + 1] * (y[i] + h * k[i]);
      a_next[i] += d_middle;
      d_out[i] = weight * a[i] + h * d_middle;
    }
    d_out[n - 1] = weight * a[n - 1];
  }
};

} // namespace

void ode_by_hand(const OdeSizes *sizes, const double *BENCH_RESTRICT x,
                 double *BENCH_RESTRICT d_x) {
  const int n = sizes->n, steps = sizes->steps;
  const double h = 1.0 / steps;
  const Chain chain{n, x};
  // Not a Vector: its zeros would be written for nothing.
  std::unique_ptr<double[]> states(
      new double[static_cast<long>(n) * steps + n]);
  Vector k1(n), k2(n), k3(n), k4(n), a(n), a_next(n), d_k(n);
  const auto stages = [&](const double *y) {
    chain.slope(y, k1.data());
    chain.stage(y, h / 2, k1.data(), k2.data());
    chain.stage(y, h / 2, k2.data(), k3.data());
  };

  std::fill_n(states.get(), n, 0.0);
  for (int step = 0; step < steps; ++step) {
    const double *BENCH_RESTRICT y = &states[static_cast<long>(step) * n];
    double *BENCH_RESTRICT next = &states[static_cast<long>(step + 1) * n];
    stages(y);
    chain.stage(y, h, k3.data(), k4.data());
    for (int i = 0; i < n; ++i)
      next[i] = y[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }

  for (int i = 0; i < n; ++i)
    a[i] = 2 * states[static_cast<long>(steps) * n + i];
  const Vector zeros(n);
  for (int step = steps - 1; step >= 0; --step) {
    const double *BENCH_RESTRICT y = &states[static_cast<long>(step) * n];
    stages(y);
    const Chain::Adjoints adjoints{a.data(), a_next.data(), d_x};
    for (int i = 0; i < n; ++i) {
      a_next[i] = a[i];
      d_k[i] = h / 6 * a[i];
    }
    chain.back(y, h, k3.data(), d_k.data(), {adjoints, h / 3});
    chain.back(y, h / 2, k2.data(), d_k.data(), {adjoints, h / 3});
    chain.back(y, h / 2, k1.data(), d_k.data(), {adjoints, h / 6});
    chain.back(y, 0, zeros.data(), d_k.data(), {adjoints, 0.0});
    std::swap(a, a_next);
  }
}

namespace {

class OdeCase final : public Problem {
public:
  OdeCase(int n, int steps)
      : sizes{n, steps}, x(Generator(5).vector(n, 0.5, 1.5)) {
    name = "ode";
    input = "n=" + std::to_string(n) + " steps=" + std::to_string(steps);
    target = 3.5;
  }
  std::span<double> parameters() override { return x; }
  double primal() override { return ode(&sizes, x.data()); }
  void by_hand(Vector &d_x) override {
    d_x.assign(x.size(), 0);
    ode_by_hand(&sizes, x.data(), d_x.data());
  }
  void by_tern([[maybe_unused]] Vector &d_x) override {
#ifdef BENCH_TERN
    d_x.assign(x.size(), 0);
    ode_by_tern(&sizes, x.data(), d_x.data());
#endif
  }

private:
  OdeSizes sizes;
  Vector x;
};

const Registration cases[] = {Registration(make_case<OdeCase, 1000, 100>),
                              Registration(make_case<OdeCase, 10000, 100>)};

} // namespace
} // namespace bench::BENCH_VARIANT
