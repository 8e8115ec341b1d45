// Memory that the primal allocates and frees: what the reverse sweep reads of
// it is still there, and all of it, shadows included, is freed in the end.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <tern/tern.hpp>
#include <vector>

static double withMalloc(const double *x, int n) {
  double *squares = static_cast<double *>(std::malloc(n * sizeof(double)));
  for (int i = 0; i < n; ++i)
    squares[i] = x[i] * x[i];
  double product = 1;
  for (int i = 0; i < n; ++i)
    product *= squares[i];
  std::free(squares);
  return product;
}

static double withNewInALoop(const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    double *pair = new double[2];
    pair[0] = std::sin(x[i]);
    pair[1] = pair[0] * x[i];
    sum += pair[0] * pair[1];
    delete[] pair;
  }
  return sum;
}

static double withVector(const double *x, int n) {
  std::vector<double> running;
  for (int i = 0; i < n; ++i)
    running.push_back(x[i] * (running.empty() ? 1 : running.back()));
  double sum = 0;
  for (double v : running)
    sum += v * v;
  return sum;
}

static double withRealloc(const double *x, int n) {
  double *grown = nullptr;
  for (int i = 0; i < n; ++i) {
    grown =
        static_cast<double *>(std::realloc(grown, (i + 1) * sizeof(double)));
    grown[i] = std::exp(x[i]);
  }
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += grown[i] * grown[n - 1 - i];
  std::free(grown);
  return sum;
}

template <auto f> static int compare(const char *name) {
  const int n = 7;
  double x[n], gradient[n] = {};
  for (int i = 0; i < n; ++i)
    x[i] = 0.6 + 0.1 * i;
  tern::grad<f>(tern::Duplicated{&x[0], &gradient[0]}, n);
  int failures = 0;
  for (int i = 0; i < n; ++i) {
    const double h = 1e-6, at = x[i];
    x[i] = at + h;
    double difference = f(x, n);
    x[i] = at - h;
    difference = (difference - f(x, n)) / (2 * h);
    x[i] = at;
    if (!(std::fabs(gradient[i] - difference) <
          1e-7 * (1 + std::fabs(difference)))) {
      std::printf("%s: d/dx%d is %.12g, should be %.12g\n", name, i,
                  gradient[i], difference);
      ++failures;
    }
  }
  return failures;
}

int main() {
  return compare<withMalloc>("malloc") + compare<withNewInALoop>("new") +
         compare<withVector>("vector") + compare<withRealloc>("realloc");
}
