// Forward mode on every floating-point type, on flow that depends on values, on
// casts between types and on vectors.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <algorithm>

#define COMPARE(f, x)                                                          \
  check(#f, __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, 1.0),           \
        slope([](double e) { return f((x) + e); }, 1e-3), 1e-8)

template <class T> static T polynomial(T x) { return x * x * x - x / T(4); }
template <class T> static void one_type(const char *what, double tolerance) {
  T got = __enzyme_fwddiff<T>((void *)polynomial<T>, enzyme_dup, T(0.5), T(2));
  check(what, double(got), 1.0, tolerance);
}

static double branches(double x) {
  if (x > 0.5)
    return x > 0.6 ? x * x : 2 * x;
  return -x;
}
static double switches(double x) {
  double s = 0;
  for (int i = 0; i < opaque(9); ++i)
    switch (i % 4) {
    case 0:
      s += x;
      break;
    case 1:
      s *= x;
      [[fallthrough]];
    case 2:
      s += std::sin(x);
      break;
    default:
      if (s > 3)
        return s;
      s -= x * x;
    }
  return s;
}
static double newton(double a) {
  double x = a;
  while (std::fabs(x * x - a) > 1e-14 * a)
    x = 0.5 * (x + a / x);
  return x;
}
static double nested_loops(double x) {
  double s = 0;
  for (int i = 0; i < opaque(4); ++i)
    for (int j = i; j < 6; ++j) {
      if (j == 4)
        continue;
      s = s * 0.9 + x / (i + j + 1);
      if (s > 10)
        goto out;
    }
out:
  return s * s;
}
static double casts(double x) {
  float f = float(x) * 3.0f;
  long double l = f;
  l *= l;
  int n = int(x * 10);
  return double(l) + n * x + double(_Float16(x));
}
static double minima(double x) {
  return std::min(x, 2.0) * std::max(x, 0.1) + std::fmax(x, 3.0) * x +
         std::fabs(-x) + std::copysign(x, -1.0);
}
static double library(double x) {
  return std::pow(x, 2.5) + std::atan2(x, 2.0) + std::hypot(x, 3.0) +
         std::tgamma(x + 2) + std::erf(x) + std::cbrt(x) + std::log1p(x) +
         std::fma(x, x, x) + std::tanh(x) + std::fmod(x * 5, 1.5);
}

typedef double v4 __attribute__((ext_vector_type(4)));
static double vectors(double x) {
  v4 a = {x, 2 * x, 3, x * x};
  v4 b = a.wzyx * a + 1.0;
  b.y = x;
  v4 c = a > b ? a : b * x;
  for (int i = 0; i < opaque(3); ++i)
    c = c * 0.5 + b.yxwz;
  return c.x + c.y * c.z + c.w;
}
static double rows(double x) {
  v4 m[4];
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      m[i][j] = x * i + j;
  v4 s = 0;
  for (int i = 0; i < opaque(4); ++i)
    s += m[i] * m[(i + 1) % 4];
  return s[0] + s[1] * s[2] + s[3];
}

/// A uniform number from random bits, as generators make it: the bits are
/// integers without derivative.
static double random_bits(double x) {
  unsigned long long state = 88172645463325252ull;
  double s = 0;
  for (int i = 0; i < opaque(5); ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    unsigned long long bits = (state >> 12) | 0x3ff0000000000000ull;
    double u;
    __builtin_memcpy(&u, &bits, sizeof u);
    s += (u - 1) * x;
  }
  return s * s;
}

int main() {
  one_type<_Float16>("half", 2e-3);
  one_type<float>("float", 1e-6);
  one_type<double>("double", 1e-15);
  one_type<long double>("long double", 1e-15);
  COMPARE(branches, 0.3);
  COMPARE(branches, 0.55);
  COMPARE(branches, 0.7);
  COMPARE(switches, 0.7);
  COMPARE(newton, 0.7);
  COMPARE(nested_loops, 0.7);
  check("casts", __enzyme_fwddiff<double>((void *)casts, enzyme_dup, 0.5, 1.0),
        18 * 0.5 + 5 + 1, 1e-6);
  COMPARE(minima, 0.7);
  COMPARE(library, 0.7);
  COMPARE(vectors, 0.7);
  COMPARE(rows, 0.7);
  COMPARE(random_bits, 0.7);
  return verdict();
}
