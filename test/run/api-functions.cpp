// Functions as arguments: constants, whichever way they are passed.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

static int failures = 0;
static void check(const char *what, double got, double want) {
  if (!(std::fabs(got - want) <= 1e-12 * (1 + std::fabs(want)))) {
    std::printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}

static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }
static double thrice(double (*f)(double), double x) { return f(x) * 3; }

int main() {
  double x = 0.7, slope = 6 * x;
  check("reference", tern::grad<thrice>(tern::Const{square}, x), slope);
  check("pointer", tern::grad<thrice>(tern::Const{&square}, x), slope);
  check("plain", tern::grad<thrice>(square, x), slope);
  check("forward", tern::jvp<thrice>(tern::Const{square}, tern::Dual{x, 1.0}),
        slope);
  double (*chosen)(double) = x < 1 ? cube : square;
  check("variable", tern::grad<thrice>(tern::Const{chosen}, x), 9 * x * x);
  auto [value, back] = tern::vjp<thrice>(tern::Const{square}, x);
  check("value", value, 3 * x * x);
  check("split", back(2.0), 2 * slope);
  return failures;
}
