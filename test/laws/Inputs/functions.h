// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions that the laws are tried on: four numbers in, three out, each with
// something else that makes differentiating hard.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

constexpr int Inputs = 4, Outputs = 3;
using input = std::array<double, Inputs>;
using output = std::array<double, Outputs>;

inline output formula(const input &x) {
  return {std::exp(0.3 * x[0]) * std::sin(x[1]), std::atan2(x[2], 2 + x[3]),
          std::pow(1.5 + x[0] * x[0], x[1]) / std::cosh(x[3])};
}

/// A vector that is overwritten step by step (explicit Euler).
inline output integrated(const input &x) {
  double position = x[0], speed = x[1];
  for (int step = 0; step < 20; ++step) {
    double force = -x[2] * std::sin(position) - 0.1 * x[3] * speed;
    position += 0.05 * speed;
    speed += 0.05 * force;
  }
  return {position, speed, position * speed};
}

/// Gaussian elimination with pivoting, in place, on the heap.
inline output solved(const input &x) {
  std::vector<std::vector<double>> a(3, std::vector<double>(4));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j)
      a[i][j] = (i == j ? 3.0 : 0.4) + 0.2 * std::sin(x[(i + j) % 4] * (j + 1));
  for (int k = 0; k < 3; ++k) {
    int pivot = k;
    for (int i = k + 1; i < 3; ++i)
      if (std::fabs(a[i][k]) > std::fabs(a[pivot][k]))
        pivot = i;
    std::swap(a[k], a[pivot]);
    for (int i = 0; i < 3; ++i)
      if (i != k) {
        double factor = a[i][k] / a[k][k];
        for (int j = k; j < 4; ++j)
          a[i][j] -= factor * a[k][j];
      }
  }
  return {a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
}

/// Two buffers that take turns.
inline output diffused(const input &x) {
  double first[8], second[8], *now = first, *next = second;
  for (int i = 0; i < 8; ++i)
    now[i] = std::cos(x[i % 4] * (i + 1));
  for (int step = 0; step < 5; ++step) {
    next[0] = now[0];
    next[7] = now[7] * now[0];
    for (int i = 1; i < 7; ++i)
      next[i] = now[i] + 0.2 * x[0] * (now[i - 1] - 2 * now[i] + now[i + 1]);
    std::swap(now, next);
  }
  return {now[1], now[4] * now[3], now[6]};
}

/// Recursion, with as many leaves as the data ask for.
inline double area(double from, double to, double bend, int depth) {
  double middle = 0.5 * (from + to);
  double coarse = (to - from) * std::sin(bend * middle);
  if (depth == 0 || std::fabs(coarse) < 0.05)
    return coarse;
  return area(from, middle, bend, depth - 1) +
         area(middle, to, bend, depth - 1);
}
inline output adaptive(const input &x) {
  double whole = area(x[0], 2 + x[1], 1 + x[2] * x[2], 6);
  return {whole, whole * x[3], area(0, x[3], x[0], 3)};
}

/// A list, a choice of functions, a sorted copy.
struct element {
  double value;
  std::unique_ptr<element> next;
};
inline double cube(double x) { return x * x * x; }
inline double root(double x) { return std::sqrt(1 + x * x); }
inline output assorted(const input &x) {
  std::unique_ptr<element> list;
  for (double v : x)
    list = std::make_unique<element>(v * v, std::move(list));
  double sum = 0;
  for (const element *l = list.get(); l; l = l->next.get())
    sum = 0.7 * sum + l->value;
  double (*chosen)(double) = sum > 1 ? root : cube;
  input sorted = x;
  std::sort(sorted.begin(), sorted.end());
  return {chosen(sum), sorted[0] * sorted[3], sorted[1] - sorted[2] * sum};
}

/// Tries a law, `template <output (*F)(const input &)> void law(name)`, on all.
#define TRY_ON_ALL(LAW)                                                        \
  LAW<formula>("formula");                                                     \
  LAW<integrated>("integrated");                                               \
  LAW<solved>("solved");                                                       \
  LAW<diffused>("diffused");                                                   \
  LAW<adaptive>("adaptive");                                                   \
  LAW<assorted>("assorted")

inline const input Points[] = {{0.3, 0.8, 0.5, 0.9}, {1.1, -0.4, 0.7, 0.2}};
inline const input Direction = {0.6, -1.1, 0.4, 0.9};
inline const input Other = {-0.3, 0.8, 1.2, -0.5};
inline const output Weights = {0.7, -0.4, 1.3};

template <class A> double dot(const A &a, const A &b) {
  double sum = 0;
  for (std::size_t i = 0; i != a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

inline int failed = 0;
/// Two ways to the same number.
inline void same(const char *name, double one, double other) {
  if (std::fabs(one - other) <= 1e-11 * (1 + std::fabs(one)))
    return;
  ++failed;
  std::printf("%s: %.15g, not %.15g\n", name, other, one);
}
