// The tape of loops of unknown length and of recursion, larger than its first
// chunk, is freed: after a gradient, after a pullback that ran twice, and after
// one that never ran.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

static double untilSmall(double x) {
  double sum = 0;
  while (x > 1e-3) {
    sum += std::sin(x) * x;
    x -= 1e-4 * (1 + x * x);
  }
  return sum * 1e-4;
}

static double descend(double x, int depth) {
  if (depth == 0)
    return std::exp(x);
  double left = descend(x * 0.9, depth - 1);
  return left * std::sin(x) + descend(left * 0.1, depth - 1);
}

static double descendTen(double x) { return descend(x, 10); }

template <double (*f)(double)> static int compare(const char *name, double x) {
  const double h = 1e-6;
  double difference = (f(x + h) - f(x - h)) / (2 * h);
  int failures = 0;
  auto check = [&](double slope, double seed) {
    if (std::fabs(slope - seed * difference) <
        1e-4 * (1 + std::fabs(difference)))
      return;
    std::printf("%s: slope is %.12g, should be %.12g\n", name, slope,
                seed * difference);
    ++failures;
  };
  check(tern::grad<f>(x), 1);
  auto [value, pullback] = tern::vjp<f>(x);
  check(pullback(1.0), 1);
  check(pullback(-2.0), -2);
  auto [again, never] = tern::vjp<f>(x);
  if (value != f(x) || again != value)
    ++failures;
  return failures;
}

int main() {
  return compare<untilSmall>("loop", 1.0) + compare<descendTen>("tree", 0.7);
}
