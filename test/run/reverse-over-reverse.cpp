// Reverse mode over gradients whose tapes are stacks: loops of unknown length,
// recursion, memory of their own; and once more over that.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <cstring>
#include <tern/tern.hpp>
#include <vector>
static int failures = 0;
static void check(const char *what, double got, double want) {
  if (!(std::fabs(got - want) <= 1e-6 * (1 + std::fabs(want)))) {
    std::printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}
static double newton(double a) {
  double x = a;
  while (std::fabs(x * x - a) > 1e-14)
    x = 0.5 * (x + a / x);
  return x * a;
}
static double slope_newton(double a) { return tern::grad<newton>(a); }
static double nested(double a) {
  double s = a;
  for (double x = a; x < 50; x = x * 1.7 + s * 0.01)
    for (double y = x; y < 100; y = y * y * 0.5 + a)
      s += std::sin(y * 0.01) * s * 0.3;
  return s;
}
static double slope_nested(double a) { return tern::grad<nested>(a); }
static double fold(double x, int n) {
  if (n == 0)
    return x;
  double y = fold(x * 0.9, n - 1);
  return std::sin(y) * x + (n > 2 ? fold(y, n - 2) : y * y);
}
static double rec(double x) { return fold(x, 6); }
static double slope_rec(double x) { return tern::grad<rec>(x); }
/// Frames of several layouts.
static double mixed(double a) {
  double v[4] = {a, a * a, 1, 2};
  double *p = v;
  double s = 0;
  while (s < 10) {
    p = (s > 5) ? v + 1 : v;
    s += *p * *p + 1;
    *p *= 0.8;
    for (double t = s; t > 0.5; t *= 0.5)
      v[2] += t * v[2] * 0.01 * a;
  }
  return s * v[2] + v[0] * v[1];
}
static double slope_mixed(double a) { return tern::grad<mixed>(a); }

struct Block {
  double v[40];
};
static double owned(double a) {
  std::vector<double> v;
  double s = 0;
  for (double x = a; x < 30; x *= 1.5)
    v.push_back(x * x);
  std::vector<double> w(v);
  for (std::size_t i = 0; i < w.size(); ++i)
    s += w[i] * v[w.size() - 1 - i] * std::sin(a);
  Block b, c;
  for (int i = 0; i < 40; ++i)
    b.v[i] = a * i;
  std::memcpy(&c, &b, sizeof b);
  for (int i = 1; i < 40; ++i)
    c.v[i] *= c.v[i - 1] * 0.1;
  return s + c.v[9];
}
static double slope_owned(double a) { return tern::grad<owned>(a); }
static double cubed(double a) {
  double s = a;
  while (s < 20)
    s = s * s * a + 0.3;
  return s;
}
static double cubed1(double a) { return tern::grad<cubed>(a); }
static double cubed2(double a) { return tern::grad<cubed1>(a); }
template <auto F> double fd(double x) {
  double h = 1e-5;
  return (F(x + h) - F(x - h)) / (2 * h);
}
int main() {
  check("newton", tern::grad<slope_newton>(2.0), fd<slope_newton>(2.0));
  check("newton'", tern::grad<slope_newton>(2.0), 0.75 / std::sqrt(2.0));
  check("nested", tern::grad<slope_nested>(1.3), fd<slope_nested>(1.3));
  check("rec", tern::grad<slope_rec>(0.7), fd<slope_rec>(0.7));
  check("mixed", tern::grad<slope_mixed>(0.7), fd<slope_mixed>(0.7));
  check("owned", tern::grad<slope_owned>(0.7), fd<slope_owned>(0.7));
  check("third", tern::grad<cubed2>(1.2), fd<cubed2>(1.2));
  return failures;
}
