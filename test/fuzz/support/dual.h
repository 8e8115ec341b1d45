// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dual number: the oracle that shares nothing with Tern.
//
// Problem. Random programs need somebody else's derivative to compare with.
//
// Idea. The text of a generated program never says `double`, it says `real`.
// Compiled with `real` = dual<double> by plain clang it computes its own
// directional derivative; with dual<dual<double>> the second one. Branches
// compare values only, so a run with duals takes the branches of the primal.
//
//   dual<double> x{0.3, 1.0};        // value 0.3, tangent 1
//   sin(x).d == cos(0.3)
//
// Points where no derivative exists (|x| at 0, a tie in fmax) raise
// `at_singular_point`; the harness then skips the program. The type stays
// trivial, so that unions, memcpy and malloc in the programs keep working.
#pragma once
#include <math.h>

namespace tern_fuzz {

inline bool at_singular_point = false;

template <class T> struct dual {
  T v, d;
  dual() = default;
  constexpr dual(T value, T tangent) : v(value), d(tangent) {}
  // A float is made from a double only where the program says so.
  constexpr explicit(__is_same(T, float)) dual(double value)
      : v(T(value)), d(T(0.0)) {}
  template <class S>
  constexpr explicit dual(const dual<S> &o) : v(T(o.v)), d(T(o.d)) {}
  explicit operator long() const { return long(v); }
  explicit operator int() const { return int(long(v)); }
  explicit operator bool() const = delete;

  friend dual operator+(dual a, dual b) { return {a.v + b.v, a.d + b.d}; }
  friend dual operator-(dual a, dual b) { return {a.v - b.v, a.d - b.d}; }
  friend dual operator*(dual a, dual b) {
    return {a.v * b.v, a.d * b.v + a.v * b.d};
  }
  friend dual operator/(dual a, dual b) {
    T q = a.v / b.v;
    return {q, (a.d - q * b.d) / b.v};
  }
  dual operator-() const { return {-v, -d}; }
  dual operator+() const { return *this; }
  dual &operator+=(dual o) { return *this = *this + o; }
  dual &operator-=(dual o) { return *this = *this - o; }
  dual &operator*=(dual o) { return *this = *this * o; }
  dual &operator/=(dual o) { return *this = *this / o; }
  friend bool operator<(dual a, dual b) { return a.v < b.v; }
  friend bool operator>(dual a, dual b) { return a.v > b.v; }
  friend bool operator<=(dual a, dual b) { return a.v <= b.v; }
  friend bool operator>=(dual a, dual b) { return a.v >= b.v; }
  friend bool operator==(dual a, dual b) { return a.v == b.v; }
  friend bool operator!=(dual a, dual b) { return a.v != b.v; }
};

inline double value_of(double x) { return x; }
inline double value_of(float x) { return x; }
inline double value_of(long double x) { return double(x); }
template <class T> double value_of(dual<T> x) { return value_of(x.v); }

template <class T> void singular_if_equal(T a, T b) {
  if (value_of(a) == value_of(b))
    at_singular_point = true;
}

// Value and slope are all a function of one argument needs. The slope is an
// expression of x.v (type T), so it is itself differentiated for second order.
#define TERN_DUAL_UNARY(name, value, slope)                                    \
  template <class T> dual<T> name(dual<T> x_) {                                \
    T x = x_.v;                                                                \
    T r = value;                                                               \
    (void)x;                                                                   \
    (void)r;                                                                   \
    return {r, T(slope) * x_.d};                                               \
  }

inline constexpr double two_over_sqrt_pi = 1.12837916709551257390;
inline constexpr double ln2 = 0.69314718055994530942;
inline constexpr double ln10 = 2.30258509299404568402;

using ::acos, ::acosh, ::asin, ::asinh, ::atan, ::atan2, ::atanh, ::cbrt,
    ::ceil, ::copysign, ::cos, ::cosh, ::erf, ::erfc, ::exp, ::exp2, ::expm1,
    ::fabs, ::fdim, ::floor, ::fma, ::fmax, ::fmin, ::fmod, ::frexp, ::hypot,
    ::j0, ::j1, ::jn, ::ldexp, ::lgamma, ::log, ::log10, ::log1p, ::log2,
    ::modf, ::nearbyint, ::pow, ::remainder, ::rint, ::round, ::scalbn, ::sin,
    ::sinh, ::sqrt, ::tan, ::tanh, ::tgamma, ::trunc, ::y0, ::y1, ::yn,
    ::roundeven;
inline double exp10(double x) { return __builtin_exp10(x); }

template <class T> T digamma(T x) {
  // psi(x) = psi(x + n) - sum 1/(x + i), then the asymptotic series.
  T sum = T(0.0);
  while (value_of(x) < 10.0) {
    sum = sum - T(1.0) / x;
    x = x + T(1.0);
  }
  T w = T(1.0) / (x * x);
  T tail = w * (T(1.0 / 12) -
                w * (T(1.0 / 120) -
                     w * (T(1.0 / 252) -
                          w * (T(1.0 / 240) - w * (T(1.0 / 132) -
                                                   w * T(691.0 / 32760))))));
  return sum + log(x) - T(0.5) / x - tail;
}

TERN_DUAL_UNARY(sin, sin(x), cos(x))
template <class T> dual<T> cos(dual<T> x) { return {cos(x.v), -sin(x.v) * x.d}; }
TERN_DUAL_UNARY(tan, tan(x), T(1.0) + r *r)
TERN_DUAL_UNARY(asin, asin(x), T(1.0) / sqrt(T(1.0) - x * x))
TERN_DUAL_UNARY(acos, acos(x), T(-1.0) / sqrt(T(1.0) - x * x))
TERN_DUAL_UNARY(atan, atan(x), T(1.0) / (T(1.0) + x * x))
TERN_DUAL_UNARY(sinh, sinh(x), cosh(x))
template <class T> dual<T> cosh(dual<T> x) {
  return {cosh(x.v), sinh(x.v) * x.d};
}
TERN_DUAL_UNARY(tanh, tanh(x), T(1.0) - r *r)
TERN_DUAL_UNARY(asinh, asinh(x), T(1.0) / sqrt(T(1.0) + x * x))
TERN_DUAL_UNARY(acosh, acosh(x), T(1.0) / sqrt(x *x - T(1.0)))
TERN_DUAL_UNARY(atanh, atanh(x), T(1.0) / (T(1.0) - x * x))
TERN_DUAL_UNARY(exp, exp(x), exp(x))
TERN_DUAL_UNARY(exp2, exp2(x), T(ln2) * exp2(x))
TERN_DUAL_UNARY(exp10, exp10(x), T(ln10) * exp10(x))
TERN_DUAL_UNARY(expm1, expm1(x), exp(x))
TERN_DUAL_UNARY(log, log(x), T(1.0) / x)
TERN_DUAL_UNARY(log2, log2(x), T(1.0 / ln2) / x)
TERN_DUAL_UNARY(log10, log10(x), T(1.0 / ln10) / x)
TERN_DUAL_UNARY(log1p, log1p(x), T(1.0) / (T(1.0) + x))
TERN_DUAL_UNARY(sqrt, sqrt(x), T(0.5) / sqrt(x))
TERN_DUAL_UNARY(cbrt, cbrt(x), T(1.0 / 3) / (cbrt(x) * cbrt(x)))
TERN_DUAL_UNARY(erf, erf(x), T(two_over_sqrt_pi) * exp(-(x * x)))
TERN_DUAL_UNARY(erfc, erfc(x), T(-two_over_sqrt_pi) * exp(-(x * x)))
TERN_DUAL_UNARY(tgamma, tgamma(x), tgamma(x) * digamma(x))
TERN_DUAL_UNARY(lgamma, lgamma(x), digamma(x))
TERN_DUAL_UNARY(j0, j0(x), -jn(1, x))
TERN_DUAL_UNARY(y0, y0(x), -yn(1, x))
TERN_DUAL_UNARY(floor, floor(x), T(0.0))
TERN_DUAL_UNARY(ceil, ceil(x), T(0.0))
TERN_DUAL_UNARY(trunc, trunc(x), T(0.0))
TERN_DUAL_UNARY(rint, rint(x), T(0.0))
TERN_DUAL_UNARY(round, round(x), T(0.0))
TERN_DUAL_UNARY(nearbyint, nearbyint(x), T(0.0))

// J'_n = (J_{n-1} - J_{n+1}) / 2, the same for Y.
template <class T> dual<T> jn(int n, dual<T> x) {
  return {jn(n, x.v), T(0.5) * (jn(n - 1, x.v) - jn(n + 1, x.v)) * x.d};
}
template <class T> dual<T> yn(int n, dual<T> x) {
  return {yn(n, x.v), T(0.5) * (yn(n - 1, x.v) - yn(n + 1, x.v)) * x.d};
}
TERN_DUAL_UNARY(j1, j1(x), T(0.5) * (jn(0, x) - jn(2, x)))
TERN_DUAL_UNARY(y1, y1(x), T(0.5) * (yn(0, x) - yn(2, x)))

template <class T> dual<T> fabs(dual<T> x) {
  singular_if_equal(value_of(x), 0.0);
  return value_of(x) < 0.0 ? -x : x;
}
template <class T> dual<T> fmax(dual<T> a, dual<T> b) {
  singular_if_equal(a, b);
  return value_of(a) > value_of(b) ? a : b;
}
template <class T> dual<T> fmin(dual<T> a, dual<T> b) {
  singular_if_equal(a, b);
  return value_of(a) < value_of(b) ? a : b;
}
template <class T> dual<T> fdim(dual<T> a, dual<T> b) {
  singular_if_equal(a, b);
  return value_of(a) > value_of(b) ? a - b : dual<T>(T(0.0), T(0.0));
}
template <class T> dual<T> copysign(dual<T> a, dual<T> b) {
  singular_if_equal(value_of(a), 0.0);
  return std::signbit(value_of(a)) == std::signbit(value_of(b)) ? a : -a;
}
template <class T> dual<T> fma(dual<T> a, dual<T> b, dual<T> c) {
  return {fma(a.v, b.v, c.v), a.d * b.v + a.v * b.d + c.d};
}
template <class T> dual<T> atan2(dual<T> y, dual<T> x) {
  T n = x.v * x.v + y.v * y.v;
  return {atan2(y.v, x.v), (y.d * x.v - y.v * x.d) / n};
}
template <class T> dual<T> hypot(dual<T> x, dual<T> y) {
  T r = hypot(x.v, y.v);
  return {r, (x.v * x.d + y.v * y.d) / r};
}
template <class T> dual<T> pow(dual<T> b, dual<T> e) {
  T r = pow(b.v, e.v);
  T by_base = e.v * pow(b.v, e.v - T(1.0));
  // log(b) is only wanted where the exponent moves: b may be negative.
  T by_exponent = value_of(b) > 0.0 ? T(r * log(b.v)) : T(0.0);
  return {r, by_base * b.d + by_exponent * e.d};
}
template <class T> dual<T> fmod(dual<T> a, dual<T> b) {
  T q = trunc(a.v / b.v);
  return {fmod(a.v, b.v), a.d - q * b.d};
}
template <class T> dual<T> remainder(dual<T> a, dual<T> b) {
  T q = rint(a.v / b.v);
  return {remainder(a.v, b.v), a.d - q * b.d};
}
template <class T> dual<T> ldexp(dual<T> x, int e) {
  return {ldexp(x.v, e), ldexp(x.d, e)};
}
template <class T> dual<T> scalbn(dual<T> x, int e) { return ldexp(x, e); }
template <class T> dual<T> frexp(dual<T> x, int *e) {
  T r = frexp(x.v, e);
  return {r, ldexp(x.d, -*e)};
}
template <class T> dual<T> modf(dual<T> x, dual<T> *whole) {
  T w;
  T r = modf(x.v, &w);
  *whole = {w, T(0.0)};
  return {r, x.d};
}
template <class T> dual<T> powi(dual<T> x, int n) {
  dual<T> r(T(1.0), T(0.0));
  for (int i = 0; i < (n < 0 ? -n : n); ++i)
    r = r * x;
  return n < 0 ? dual<T>(T(1.0), T(0.0)) / r : r;
}

} // namespace tern_fuzz
