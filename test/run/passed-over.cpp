// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a branch does not look at need not be a number: where the optimiser makes
// a select of it, both sides are computed, and zero times infinity, NaN or bytes
// that nobody has written must not reach the gradient.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>

extern int enzyme_out, enzyme_const, enzyme_dup, enzyme_width;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static double scaled(double x, double g, int c) {
  if (c)
    return x * g;
  return x * x;
}
static double later(double x, double g, int c) {
  double r = 3 * x;
  if (c)
    r = std::fma(x * g, g, std::sin(x) - r);
  return r * x;
}
static double grown(double x, double g, int c) {
  return c ? std::exp(x * g) * x : x * x;
}

struct shape {
  long tag;
  double a, b;
};
static double area(double x, double, int c) {
  shape s[4], t;
  for (int i = 0; i < 4; ++i) {
    s[i].tag = c;
    s[i].a = x * i;
    if (c)
      s[i].b = x;
  }
  t = s[2];
  s[1] = t;
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += s[i].tag ? s[i].a * s[i].b : s[i].a * s[i].a;
  return sum;
}

static int wrong = 0;
static void expect(const char *what, double got, double wanted) {
  if (std::fabs(got - wanted) < 1e-12)
    return;
  std::printf("%s: %g, expected %g\n", what, got, wanted);
  ++wrong;
}

using function = double (*)(double, double, int);
static double slope_scaled(double x, double g, int c) {
  return __enzyme_autodiff<double>((void *)scaled, enzyme_out, x, enzyme_const,
                                   g, enzyme_const, c);
}
template <function F> static void check(const char *name, double g, double d) {
  double x = 2;
  expect(name,
         __enzyme_autodiff<double>((void *)F, enzyme_out, x, enzyme_const, g,
                                   enzyme_const, 0),
         d);
  expect(name,
         __enzyme_fwddiff<double>((void *)F, enzyme_dup, x, 1.0, enzyme_const, g,
                                  enzyme_const, 0),
         d);
}

int main(int argc, char **) {
  const double values[] = {1.0 / (argc - 1), 0.0 / (argc - 1), 1e308};
  for (double g : values) {
    check<scaled>("scaled", g, 4);
    check<later>("later", g, 12);
    check<grown>("grown", g, 4);
    check<slope_scaled>("second", g, 2);
  }
  check<area>("area", 0, 2 * 2 * (0 + 4 + 4 + 9));
  return wrong != 0;
}
