// A function that throws in the middle of its record sweep: the exception
// reaches the caller, and neither tape nor shadows are left behind.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <tern/tern.hpp>
#include <vector>

static double logProduct(double x, int steps) {
  std::vector<double> seen;
  while (steps-- > 0) {
    if (x < 0)
      throw std::domain_error("logarithm of a negative number");
    seen.push_back(x);
    x = x * x - 0.3;
  }
  double sum = 0;
  for (double v : seen)
    sum += std::log(v);
  return sum;
}

int main() {
  int failures = 0;
  for (int round = 0; round < 3; ++round) {
    try {
      tern::grad<logProduct>(0.6, 100);
      std::puts("nothing was thrown");
      ++failures;
    } catch (const std::domain_error &) {
    }
    double slope = tern::grad<logProduct>(1.3, 5);
    const double h = 1e-6;
    double difference =
        (logProduct(1.3 + h, 5) - logProduct(1.3 - h, 5)) / (2 * h);
    if (!(std::fabs(slope - difference) < 1e-6 * std::fabs(difference))) {
      std::printf("slope is %.12g, should be %.12g\n", slope, difference);
      ++failures;
    }
  }
  return failures;
}
