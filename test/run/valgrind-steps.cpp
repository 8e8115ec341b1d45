// The states of a simulation are copied within the arrays' bounds, also where
// the loops over them do not run, and the tape that holds them is freed.
// REQUIRES: valgrind
// RUN: %run-valgrind %s
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <tern/tern.hpp>

// `bound` may be more than the array has; then no step is made.
static double simulate(double x, int length, int first, int bound, int steps) {
  double *y = static_cast<double *>(std::malloc(sizeof(double) * length));
  for (int i = 0; i < length; ++i)
    y[i] = x + 0.1 * i;
  for (int step = 0; step < steps; ++step)
    if (bound <= length)
      for (int i = first; i < bound; ++i)
        y[i] = y[i] * std::exp(-y[i - 1] * y[i]) / (1 + y[i] * y[i]);
  double sum = x;
  for (int i = 0; i < length; ++i)
    sum += y[i] * y[i];
  std::free(y);
  return sum;
}

static double untilSmall(double x, int length) {
  double *y = new double[length], rest = 0;
  for (int i = 0; i < length; ++i)
    y[i] = x + 0.1 * i;
  do {
    rest = 0.01 * x;
    for (int i = 0; i < length; ++i) {
      y[i] = y[i] * std::exp(-y[i]) / (1 + y[i] * y[i]);
      rest += y[i];
    }
  } while (rest > 0.1);
  double sum = rest;
  for (int i = 0; i < length; ++i)
    sum += std::sin(y[i]);
  delete[] y;
  return sum;
}

template <auto f, class... Sizes>
static int compare(const char *name, double x, Sizes... sizes) {
  const double h = 1e-6;
  double difference = (f(x + h, sizes...) - f(x - h, sizes...)) / (2 * h);
  double slope = tern::grad<f>(x, tern::Const{sizes}...);
  if (std::fabs(slope - difference) < 1e-5 * (1 + std::fabs(difference)))
    return 0;
  std::printf("%s: slope is %.12g, should be %.12g\n", name, slope, difference);
  return 1;
}

int main() {
  int failures = 0;
  for (int length : {0, 1, 2, 7})
    for (int bound : {-5, 0, 1, 2, 7, 1 << 30})
      failures += compare<simulate>("simulate", 0.7, length, 1, bound, 5);
  for (int length : {0, 1, 6})
    failures += compare<untilSmall>("untilSmall", 0.8, length);
  return failures != 0;
}
