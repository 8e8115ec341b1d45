// RUN: %run-all-levels %s
// Every function of libm in float, double and long double, in both modes,
// against finite differences of the long double function.
#include "Inputs/near.h"
#include <cmath>
#include <tern/tern.hpp>

// Not in namespace std: one name for the three C functions.
#define OVERLOADS(name)                                                        \
  static float name##_(float x) { return ::name##f(x); }                       \
  static double name##_(double x) { return ::name(x); }                        \
  static long double name##_(long double x) { return ::name##l(x); }
OVERLOADS(exp10)
OVERLOADS(j0)
OVERLOADS(j1)
OVERLOADS(y0)
OVERLOADS(y1)
static float jn_(int n, float x) { return ::jnf(n, x); }
static double jn_(int n, double x) { return ::jn(n, x); }
static long double jn_(int n, long double x) { return ::jnl(n, x); }
static float yn_(int n, float x) { return ::ynf(n, x); }
static double yn_(int n, double x) { return ::yn(n, x); }
static long double yn_(int n, long double x) { return ::ynl(n, x); }

template <class T> static T sine_by_pointers(T x) {
  T s, c;
  if constexpr (sizeof(T) == 4)
    ::sincosf(x, &s, &c);
  else if constexpr (sizeof(T) == 8)
    ::sincos(x, &s, &c);
  else
    ::sincosl(x, &s, &c);
  return s + 3 * c;
}
template <class T> static T parts(T x) {
  int exponent;
  T whole;
  T fraction = std::frexp(x, &exponent);
  return fraction * exponent + std::modf(x * 3, &whole) * whole;
}
template <class T> static T quotient(T x) {
  int bits;
  return std::remquo(x * x, T(0.7), &bits) + bits;
}
template <class T> static T gamma_with_sign(T x) {
  int sign;
  if constexpr (sizeof(T) == 4)
    return ::lgammaf_r(x, &sign) * sign;
  else if constexpr (sizeof(T) == 8)
    return ::lgamma_r(x, &sign) * sign;
  else
    return ::lgammal_r(x, &sign) * sign;
}

/// Central differences, extrapolated twice.
static double slope(long double (*f)(long double), double x) {
  auto central = [&](long double h) {
    return (f(x + h) - f(x - h)) / (2 * h);
  };
  const long double h = 0x1p-10L;
  long double d0 = central(h), d1 = central(h / 2), d2 = central(h / 4);
  long double e1 = (4 * d1 - d0) / 3, e2 = (4 * d2 - d1) / 3;
  return double((16 * e2 - e1) / 15);
}

#define FUNCTION(name, at, formula)                                            \
  template <class T> static T name(T x) { return formula; }                    \
  static void check_##name() {                                                 \
    const double wanted = slope(name<long double>, at);                        \
    near(tern::grad<name<double>>(double(at)), wanted);                        \
    near_float(tern::grad<name<float>>(float(at)), wanted);                    \
    near((double)tern::grad<name<long double>>((long double)at), wanted);      \
    near(tern::jvp<name<double>>(tern::Dual{double(at), 1.0}), wanted);        \
    near_float(tern::jvp<name<float>>(tern::Dual{float(at), 1.0f}), wanted);   \
    near((double)tern::jvp<name<long double>>(                                 \
             tern::Dual{(long double)at, 1.0L}),                               \
         wanted);                                                              \
  }
#define ALL                                                                    \
  FUNCTION(f_exp, 0.5, std::exp(x))                                            \
  FUNCTION(f_exp2, 0.5, std::exp2(x))                                          \
  FUNCTION(f_exp10, 0.5, exp10_(x))                                            \
  FUNCTION(f_expm1, 0.5, std::expm1(x))                                        \
  FUNCTION(f_log, 0.5, std::log(x))                                            \
  FUNCTION(f_log2, 0.5, std::log2(x))                                          \
  FUNCTION(f_log10, 0.5, std::log10(x))                                        \
  FUNCTION(f_log1p, 0.5, std::log1p(x))                                        \
  FUNCTION(f_logb, 0.625, x *std::logb(x))                                     \
  FUNCTION(f_sqrt, 0.5, std::sqrt(x))                                          \
  FUNCTION(f_cbrt, 0.5, std::cbrt(x))                                          \
  FUNCTION(f_hypot, 0.5, std::hypot(x, x + 1))                                 \
  FUNCTION(f_pow, 0.5, std::pow(x + 1, 2 * x))                                 \
  FUNCTION(f_powi, 0.5, std::pow(x, T(3)))                                     \
  FUNCTION(f_sin, 0.5, std::sin(x))                                            \
  FUNCTION(f_cos, 0.5, std::cos(x))                                            \
  FUNCTION(f_tan, 0.5, std::tan(x))                                            \
  FUNCTION(f_asin, 0.5, std::asin(x))                                          \
  FUNCTION(f_acos, 0.5, std::acos(x))                                          \
  FUNCTION(f_atan, 0.5, std::atan(x))                                          \
  FUNCTION(f_atan2, 0.5, std::atan2(x, 1 - 3 * x))                             \
  FUNCTION(f_sinh, 0.5, std::sinh(x))                                          \
  FUNCTION(f_cosh, 0.5, std::cosh(x))                                          \
  FUNCTION(f_tanh, 0.5, std::tanh(x))                                          \
  FUNCTION(f_asinh, 0.5, std::asinh(x))                                        \
  FUNCTION(f_acosh, 1.5, std::acosh(x))                                        \
  FUNCTION(f_atanh, 0.5, std::atanh(x))                                        \
  FUNCTION(f_fmod, 5.5, std::fmod(x, T(0.4) * x - 1))                          \
  FUNCTION(f_remainder, 5.5, std::remainder(x, T(0.4) * x - 1))                \
  FUNCTION(f_remquo, 0.75, quotient(x))                                        \
  FUNCTION(f_fma, 0.5, std::fma(x, x, 3 * x))                                  \
  FUNCTION(f_fmin, 0.5, std::fmin(x *x, x))                                    \
  FUNCTION(f_fmax, 0.5, std::fmax(x *x, x))                                    \
  FUNCTION(f_fdim, 0.5, std::fdim(x, x *x))                                    \
  FUNCTION(f_fabs, -0.5, std::fabs(x))                                         \
  FUNCTION(f_copysign, -0.5, std::copysign(x * x, x))                          \
  FUNCTION(f_floor, 0.5, x *std::floor(3 * x))                                 \
  FUNCTION(f_ceil, 0.5, x *std::ceil(3 * x))                                   \
  FUNCTION(f_trunc, 0.5, x *std::trunc(3 * x))                                 \
  FUNCTION(f_rint, 0.4, x *std::rint(3 * x))                                   \
  FUNCTION(f_nearbyint, 0.4, x *std::nearbyint(3 * x))                         \
  FUNCTION(f_round, 0.4, x *std::round(3 * x))                                 \
  FUNCTION(f_lround, 0.4, x *std::lround(3 * x))                               \
  FUNCTION(f_lrint, 0.4, x *std::lrint(3 * x))                                 \
  FUNCTION(f_ilogb, 0.4, x *std::ilogb(3 * x))                                 \
  FUNCTION(f_nextafter, 0.5, std::nextafter(x * x, T(9)))                      \
  FUNCTION(f_ldexp, 0.5, std::ldexp(x * x, 3))                                 \
  FUNCTION(f_scalbn, 0.5, std::scalbn(x * x, -2))                              \
  FUNCTION(f_scalbln, 0.5, std::scalbln(x * x, 3L))                            \
  FUNCTION(f_parts, 0.7, parts(x))                                             \
  FUNCTION(f_sincos, 0.5, sine_by_pointers(x))                                 \
  FUNCTION(f_erf, 0.5, std::erf(x))                                            \
  FUNCTION(f_erfc, 0.5, std::erfc(x))                                          \
  FUNCTION(f_tgamma, 2.5, std::tgamma(x))                                      \
  FUNCTION(f_lgamma, 2.5, std::lgamma(x))                                      \
  FUNCTION(f_lgamma_r, -1.5, gamma_with_sign(x))                               \
  FUNCTION(f_j0, 0.5, j0_(x))                                                  \
  FUNCTION(f_j1, 0.5, j1_(x))                                                  \
  FUNCTION(f_jn, 1.5, jn_(3, x))                                               \
  FUNCTION(f_y0, 1.5, y0_(x))                                                  \
  FUNCTION(f_y1, 1.5, y1_(x))                                                  \
  FUNCTION(f_yn, 1.5, yn_(2, x))
ALL

int main() {
#undef FUNCTION
#define FUNCTION(name, at, formula) check_##name();
  ALL;
  return failures();
}
