// Virtual calls on a caught exception, which is memory without a shadow: what
// is called can carry nothing, whether anybody sees it or not. The exception is
// gone when the reverse sweep runs.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <tern/tern.hpp>

static int failures = 0;
template <auto f> static void compare(const char *name, double x, double want) {
  double reverse = tern::grad<f>(x);
  double forward = tern::jvp<f>(tern::Dual{x, 1.0});
  for (double got : {reverse, forward})
    if (!(std::fabs(got - want) <= 1e-9 * std::fabs(want))) {
      std::printf("%s at %g is %.12g, should be %.12g\n", name, x, got, want);
      ++failures;
    }
}

static double checked(double x) {
  if (x > 1)
    throw std::runtime_error("too big: " + std::to_string(7));
  return x * x;
}
static double unseen(double x) { // nobody sees runtime_error::what
  double s = 0;
  try {
    s = checked(x);
  } catch (const std::exception &e) {
    s = x * double(std::string(e.what()).size());
  }
  return s;
}

struct Mine : std::exception {
  const char *what() const noexcept override { return "mine"; }
};
static double seen(double x) { // one candidate, and another one that is not
  double s = 0;
  try {
    if (x > 4)
      throw Mine();
    s = checked(x);
  } catch (const std::exception &e) {
    s = x * (e.what()[0] == 'm' ? 3 : 5);
  }
  return s;
}

struct Table : std::exception {
  double factors[3] = {2, 3, 4};
  int count = 3;
};
static void throws(double x) {
  if (x > 1)
    throw Table();
}
static double numbers(double x) { // the exception's numbers are factors
  double s = x;
  try {
    throws(x);
  } catch (const Table &e) {
    s = 1;
    for (int i = 0; i < e.count; ++i)
      s *= x * e.factors[i];
  }
  return s;
}

static double letters(double x) {
  double s = x;
  try {
    checked(x);
  } catch (const std::exception &e) {
    s = 1;
    for (const char *p = e.what(); *p != ':'; ++p)
      s *= x + (*p == 'o' ? 2 : 1);
  }
  return s; // (x + 1)^5 (x + 2)^2 for "too big"
}

int main() {
  compare<unseen>("unseen", 0.5, 1);
  compare<unseen>("unseen", 2, 10);
  compare<seen>("seen", 0.5, 1);
  compare<seen>("seen", 2, 5);
  compare<seen>("seen", 5, 3);
  compare<numbers>("numbers", 0.5, 1);
  compare<numbers>("numbers", 2, 3 * 24 * 4);
  compare<letters>("letters", 0.5, 1);
  compare<letters>("letters", 2, 5 * 81 * 16 + 243 * 2 * 4);
  return failures;
}
