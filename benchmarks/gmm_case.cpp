// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The gradient of the mixture model by hand. Nothing is kept from the value's
// own sweep but the softmax of one point: the terms of a point are computed,
// and its k contributions follow at once.
#include "gmm.hpp"
#include "problem.hpp"
#include <algorithm>
#include <cmath>

namespace bench::BENCH_VARIANT {

namespace {

/// exp(x - max) in place, then divided by their sum. Returns log sum exp.
double to_softmax(int n, double *BENCH_RESTRICT x) {
  const double largest = *std::max_element(x, x + n);
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += x[i] = std::exp(x[i] - largest);
  for (int i = 0; i < n; ++i)
    x[i] /= sum;
  return std::log(sum) + largest;
}

/// What belongs to one of the k Gaussians, with room for its adjoints.
struct Gaussian {
  int d;
  const double *mean, *diagonal, *below;
  double *d_mean, *d_diagonal, *d_below;

  /// Leaves Q (x - mean) in `scaled`; half its squared length is returned.
  double half_distance(const double *BENCH_RESTRICT x,
                       double *BENCH_RESTRICT centred,
                       double *BENCH_RESTRICT scaled) const {
    for (int i = 0; i < d; ++i)
      centred[i] = x[i] - mean[i];
    for (int i = 0; i < d; ++i)
      scaled[i] = diagonal[i] * centred[i];
    const double *BENCH_RESTRICT column = below;
    for (int j = 0; j < d; column += d - 1 - j, ++j)
      for (int i = j + 1; i < d; ++i)
        scaled[i] += column[i - j - 1] * centred[j];
    double sum = 0;
    for (int i = 0; i < d; ++i)
      sum += scaled[i] * scaled[i];
    return 0.5 * sum;
  }

  /// Adds weight * d(-half distance) to the adjoints.
  void add_gradient(double weight, const double *BENCH_RESTRICT centred,
                    double *BENCH_RESTRICT scaled) const {
    for (int i = 0; i < d; ++i)
      scaled[i] *= -weight; // from here on the adjoint of `scaled`
    for (int i = 0; i < d; ++i) {
      d_diagonal[i] += scaled[i] * centred[i];
      d_mean[i] -= diagonal[i] * scaled[i];
    }
    const double *BENCH_RESTRICT column = below;
    double *BENCH_RESTRICT d_column = d_below;
    for (int j = 0; j < d; column += d - 1 - j, d_column += d - 1 - j, ++j) {
      double sum = 0;
      for (int i = j + 1; i < d; ++i) {
        d_column[i - j - 1] += scaled[i] * centred[j];
        sum += column[i - j - 1] * scaled[i];
      }
      d_mean[j] -= sum;
    }
  }
};

} // namespace

double
gmm_by_hand(const GmmSizes *sizes, const double *BENCH_RESTRICT alphas,
            double *BENCH_RESTRICT d_alphas, const double *BENCH_RESTRICT means,
            double *BENCH_RESTRICT d_means, const double *BENCH_RESTRICT icf,
            double *BENCH_RESTRICT d_icf, const double *BENCH_RESTRICT x) {
  const int d = sizes->d, k = sizes->k, n = sizes->n;
  const int icf_size = d * (d + 1) / 2;
  const double gamma2 = sizes->wishart_gamma * sizes->wishart_gamma;
  Vector diagonals(d * k), d_diagonals(d * k), offsets(k), weights(k);
  Vector centred(d * k), scaled(d * k), total_weight(k);

  double value = gmm_constant(sizes);
  for (int c = 0; c < k; ++c) {
    const double *own = &icf[c * icf_size];
    double log_determinant = 0, frobenius = 0;
    for (int i = 0; i < d; ++i) {
      log_determinant += own[i];
      diagonals[c * d + i] = std::exp(own[i]);
      frobenius += diagonals[c * d + i] * diagonals[c * d + i];
      d_diagonals[c * d + i] = gamma2 * diagonals[c * d + i];
    }
    for (int i = d; i < icf_size; ++i) {
      frobenius += own[i] * own[i];
      d_icf[c * icf_size + i] += gamma2 * own[i];
    }
    offsets[c] = alphas[c] + log_determinant;
    value += 0.5 * gamma2 * frobenius - sizes->wishart_m * log_determinant;
  }

  const auto gaussian = [&](int c) {
    return Gaussian{d,
                    &means[c * d],
                    &diagonals[c * d],
                    &icf[c * icf_size + d],
                    &d_means[c * d],
                    &d_diagonals[c * d],
                    &d_icf[c * icf_size + d]};
  };
  for (int point = 0; point < n; ++point) {
    for (int c = 0; c < k; ++c)
      weights[c] =
          offsets[c] - gaussian(c).half_distance(&x[point * d], &centred[c * d],
                                                 &scaled[c * d]);
    value += to_softmax(k, weights.data());
    for (int c = 0; c < k; ++c) {
      gaussian(c).add_gradient(weights[c], &centred[c * d], &scaled[c * d]);
      total_weight[c] += weights[c];
    }
  }

  std::copy(alphas, alphas + k, weights.begin());
  value -= n * to_softmax(k, weights.data());
  for (int c = 0; c < k; ++c) {
    d_alphas[c] += total_weight[c] - n * weights[c];
    for (int i = 0; i < d; ++i)
      d_icf[c * icf_size + i] += d_diagonals[c * d + i] * diagonals[c * d + i] +
                                 total_weight[c] - sizes->wishart_m;
  }
  return value;
}

namespace {

struct Published {
  const char *input;
  int d, k, n;
  double value, squared_norm;
};

const Published published[] = {
    {"gmm_d2_K5", 2, 5, 1000, -5240.590563, 1631211.396},
    {"gmm_d10_K25", 10, 25, 1000, -25649.65262, 7088366.312},
    {"gmm_d20_K50", 20, 50, 1000, -65629.50687, 24520517.47},
    {"gmm_d32_K25", 32, 25, 1000, -225816.3102, 280528812.5}};

class GmmCase final : public Problem {
public:
  explicit GmmCase(const Published *published) : published(published) {
    name = "gmm";
    input = published->input;
    target = 3;
    auto numbers =
        read_numbers("adbench/gmm/" + std::string(published->input) + ".txt");
    numbers.empty() ? generate() : load(numbers);
  }

  std::span<double> parameters() override { return all; }
  double primal() override {
    return gmm(&sizes, alphas(), means(), icf(), x.data());
  }
  void by_hand(Vector &derivative) override {
    derivative.assign(all.size(), 0);
    double *d = derivative.data();
    gmm_by_hand(&sizes, alphas(), d, means(), d + sizes.k, icf(),
                d + sizes.k * (1 + sizes.d), x.data());
  }
  void by_tern([[maybe_unused]] Vector &derivative) override {
#ifdef BENCH_TERN
    derivative.assign(all.size(), 0);
    double *d = derivative.data();
    gmm_by_tern(&sizes, alphas(), d, means(), d + sizes.k, icf(),
                d + sizes.k * (1 + sizes.d), x.data());
#endif
  }
  std::string compare_with_published(const Vector &gradient) override {
    if (generated)
      return "";
    double squared_norm = 0;
    for (double g : gradient)
      squared_norm += g * g;
    const auto near = [](double a, double b) {
      return std::abs(a - b) <= 1e-8 * std::abs(b);
    };
    if (!near(primal(), published->value))
      return "objective " + std::to_string(primal()) + ", published " +
             std::to_string(published->value);
    if (!near(squared_norm, published->squared_norm))
      return "|g|^2 " + std::to_string(squared_norm) + ", published " +
             std::to_string(published->squared_norm);
    return "";
  }

private:
  const Published *published;
  GmmSizes sizes{};
  Vector all, x;
  bool generated = false;

  const double *alphas() const { return all.data(); }
  const double *means() const { return all.data() + sizes.k; }
  const double *icf() const { return all.data() + sizes.k * (1 + sizes.d); }
  int parameter_count() const {
    return sizes.k * (1 + sizes.d + sizes.d * (sizes.d + 1) / 2);
  }

  void load(const Vector &numbers) {
    sizes = {static_cast<int>(numbers[0]), static_cast<int>(numbers[1]),
             static_cast<int>(numbers[2]), numbers[numbers.size() - 2],
             static_cast<int>(numbers[numbers.size() - 1])};
    const auto first_x = numbers.begin() + 3 + parameter_count();
    all.assign(numbers.begin() + 3, first_x);
    x.assign(first_x, first_x + sizes.n * sizes.d);
  }

  void generate() {
    generated = true;
    input += " (generated)";
    sizes = {published->d, published->k, published->n, 1, 0};
    Generator random(7);
    all = random.vector(parameter_count());
    x = random.vector(sizes.n * sizes.d, -2, 2);
  }
};

const Registration cases[] = {Registration(make_case<GmmCase, &published[0]>),
                              Registration(make_case<GmmCase, &published[1]>),
                              Registration(make_case<GmmCase, &published[2]>),
                              Registration(make_case<GmmCase, &published[3]>)};

} // namespace
} // namespace bench::BENCH_VARIANT
