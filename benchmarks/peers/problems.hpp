// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same objectives for tools that differentiate by a number type of their
// own: templates on it. Inputs are those of the cases beside (same seeds).
#pragma once
#include "../problem.hpp"
#include <cmath>
#include <numbers>

namespace peers {

using bench::Generator;
using bench::Vector;

template <class T> T log_sum_exp(int n, const T *x) {
  using std::exp, std::log;
  int largest = 0;
  for (int i = 1; i < n; ++i)
    if (x[i] > x[largest])
      largest = i;
  const T offset = x[largest];
  T sum = 0;
  for (int i = 0; i < n; ++i)
    sum += exp(x[i] - offset);
  return log(sum) + offset;
}

struct Lse {
  static constexpr const char *name = "lse";
  Vector parameters = Generator(1).vector(160000, -5, 5);
  template <class T> T value(const T *x) const {
    return log_sum_exp(static_cast<int>(parameters.size()), x);
  }
};

struct Llsq {
  static constexpr const char *name = "llsq";
  int n = 2048, m = 128;
  Vector parameters = Generator(2).vector(128);
  template <class T> T value(const T *x) const {
    T sum = 0;
    for (int i = 0; i < n; ++i) {
      const double t = -1 + i * 2.0 / (n - 1);
      T residual = t > 0 ? 1 : t < 0 ? -1 : 0;
      double power = 1;
      for (int j = 0; j < m; ++j) {
        residual -= x[j] * power;
        power *= t;
      }
      sum += residual * residual;
    }
    return sum / 2;
  }
};

/// Wanted are the gradient and the diagonal of the Hessian.
struct Kmeans {
  static constexpr const char *name = "kmeans";
  int n = 10000, k = 100, d = 8;
  Generator random{3};
  Vector points = random.vector(10000 * 8);
  Vector parameters = random.vector(100 * 8);
  template <class T> T value(const T *centres) const {
    T cost = 0;
    for (int i = 0; i < n; ++i) {
      T nearest = 0;
      for (int c = 0; c < k; ++c) {
        T distance = 0;
        for (int j = 0; j < d; ++j) {
          const T apart = centres[c * d + j] - points[i * d + j];
          distance += apart * apart;
        }
        if (c == 0 || distance < nearest)
          nearest = distance;
      }
      cost += nearest;
    }
    return cost;
  }
};

struct Ode {
  static constexpr const char *name = "ode";
  int n, steps = 100;
  Vector parameters;
  explicit Ode(int n) : n(n), parameters(Generator(5).vector(n, 0.5, 1.5)) {}

  template <class T>
  void slope(const T *x, const std::vector<T> &y, std::vector<T> &out) const {
    out[0] = x[0];
    for (int i = 1; i < n; ++i)
      out[i] = x[i] * y[i - 1];
  }
  template <class T>
  void ahead(const std::vector<T> &y, const std::vector<T> &k, double h,
             std::vector<T> &out) const {
    for (int i = 0; i < n; ++i)
      out[i] = y[i] + h * k[i];
  }
  template <class T> T value(const T *x) const {
    std::vector<T> y(n, T(0)), middle(n), k1(n), k2(n), k3(n), k4(n);
    const double h = 1.0 / steps;
    for (int step = 0; step < steps; ++step) {
      slope(x, y, k1);
      ahead(y, k1, h / 2, middle);
      slope(x, middle, k2);
      ahead(y, k2, h / 2, middle);
      slope(x, middle, k3);
      ahead(y, k3, h, middle);
      slope(x, middle, k4);
      for (int i = 0; i < n; ++i)
        y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    T sum = 0;
    for (int i = 0; i < n; ++i)
      sum += y[i] * y[i];
    return sum;
  }
};

struct Gmm {
  static constexpr const char *name = "gmm";
  int d = 0, k = 0, n = 0, m = 0;
  double gamma = 1;
  Vector parameters, x;

  explicit Gmm(const std::string &file) {
    const Vector numbers = bench::read_numbers("adbench/gmm/" + file + ".txt");
    if (numbers.empty())
      return;
    d = static_cast<int>(numbers[0]);
    k = static_cast<int>(numbers[1]);
    n = static_cast<int>(numbers[2]);
    gamma = numbers[numbers.size() - 2];
    m = static_cast<int>(numbers.back());
    const auto first_x = numbers.begin() + 3 + k * (1 + d + d * (d + 1) / 2);
    parameters.assign(numbers.begin() + 3, first_x);
    x.assign(first_x, first_x + n * d);
  }

  /// Without the constants, which have no gradient.
  template <class T> T value(const T *alphas) const {
    using std::exp;
    const int size = d * (d + 1) / 2;
    const T *means = alphas + k, *icf = means + k * d;
    std::vector<T> diagonals(k * d), offsets(k), terms(k), v(d), scaled(d);
    T total = 0;
    for (int c = 0; c < k; ++c) {
      T frobenius = 0, log_determinant = 0;
      for (int i = 0; i < d; ++i) {
        log_determinant += icf[c * size + i];
        diagonals[c * d + i] = exp(icf[c * size + i]);
        frobenius += diagonals[c * d + i] * diagonals[c * d + i];
      }
      for (int i = d; i < size; ++i)
        frobenius += icf[c * size + i] * icf[c * size + i];
      total += 0.5 * gamma * gamma * frobenius - m * log_determinant;
      offsets[c] = alphas[c] + log_determinant;
    }
    for (int point = 0; point < n; ++point) {
      for (int c = 0; c < k; ++c) {
        for (int i = 0; i < d; ++i) {
          v[i] = x[point * d + i] - means[c * d + i];
          scaled[i] = diagonals[c * d + i] * v[i];
        }
        const T *below = &icf[c * size + d];
        for (int j = 0; j < d; ++j)
          for (int i = j + 1; i < d; ++i)
            scaled[i] += *below++ * v[j];
        T squares = 0;
        for (int i = 0; i < d; ++i)
          squares += scaled[i] * scaled[i];
        terms[c] = offsets[c] - 0.5 * squares;
      }
      total += log_sum_exp(k, terms.data());
    }
    return total - n * log_sum_exp(k, alphas);
  }
};

} // namespace peers
