// RUN: %run-all-levels %s -msse4.1
// Vectors of floats: the compiler's own, and processor intrinsics for minimum,
// blend, rounding, pair sums and signs. Half and quadruple precision in between.
#include "Inputs/near.h"
#include <cmath>
#include <immintrin.h>
#include <tern/tern.hpp>

typedef double v4 __attribute__((vector_size(32)));

static double own(double x) {
  v4 v = {x, 2 * x, 3 * x, x * x};
  v = v * v + v / (1 + v);
  v = __builtin_elementwise_sin(v);
  v = __builtin_elementwise_max(v, -v);
  return v[0] + v[1] * v[2] + v[3];
}
static double greatest(double x) {
  __m128d a = _mm_set_pd(x, x * x), b = _mm_set1_pd(2.0);
  a = _mm_max_pd(_mm_mul_pd(a, a), b);
  a = _mm_sqrt_pd(a);
  a = _mm_hadd_pd(a, a);
  return _mm_cvtsd_f64(_mm_xor_pd(a, _mm_set1_pd(-0.0)));
}
static double lanes(__m128d a) {
  return _mm_cvtsd_f64(a) * _mm_cvtsd_f64(_mm_unpackhi_pd(a, a));
}
static double masked(double x) {
  __m128d a = _mm_set_pd(x, x * x), b = _mm_set1_pd(5.0);
  __m128d m = _mm_cmplt_pd(a, b);
  return lanes(_mm_or_pd(_mm_and_pd(m, a), _mm_andnot_pd(m, b)));
}
static double blended(double x) {
  __m128d a = _mm_set_pd(x, x * x), b = _mm_set_pd(3 * x, 5 * x);
  return lanes(_mm_blendv_pd(a, b, _mm_cmplt_pd(a, _mm_set1_pd(3))));
}
static double alternating(double x) {
  __m128d a = _mm_set_pd(x, x * x), b = _mm_set_pd(3 * x, 5 * x);
  return lanes(_mm_addsub_pd(a, b));
}
static double rounded(double x) {
  __m128d a = _mm_set_pd(x, x * x);
  return lanes(_mm_mul_pd(a, _mm_floor_pd(a)));
}
static float absolute(float x) {
  __m128 a = _mm_set1_ps(x), most = _mm_castsi128_ps(_mm_set1_epi32(0x7fffffff));
  a = _mm_and_ps(a, most);
  return _mm_cvtss_f32(_mm_mul_ps(a, a)) * x;
}
static double half(double x) {
  _Float16 h = x;
  return (double)(h * h) * x;
}
extern "C" __float128 expf128(__float128) noexcept;
static double quad(double x) {
  __float128 q = x;
  return (double)(q * expf128(q));
}

#define BOTH(function, at, wanted)                                             \
  near(tern::grad<function>(at), wanted);                                      \
  near(tern::jvp<function>(tern::Dual{at, decltype(at)(1)}), wanted)

int main() {
  const double h = 1e-4, at = 0.7;
  const double slope = (8 * (own(at + h) - own(at - h)) -
                        (own(at + 2 * h) - own(at - 2 * h))) / (12 * h);
  BOTH(own, at, slope);
  BOTH(greatest, 2.0, -5.0);                // -(x + x^2)
  BOTH(masked, 2.0, 12.0);                  // x^3
  BOTH(masked, 2.5, 5.0);                   // 5 x
  BOTH(blended, 2.0, 36.0);                 // x^2 * 3 x
  BOTH(blended, 1.5, 2 * 15 * 1.5);         // 5 x * 3 x
  BOTH(alternating, 2.0, 12 * 4 - 40 * 2);  // (x^2 - 5 x) * 4 x
  BOTH(rounded, 2.25, 10 * 3 * 2.25 * 2.25);
  BOTH(absolute, -2.0f, 12.0);
  BOTH(half, 2.0, 12.0);
  BOTH(quad, 2.0, 3 * std::exp(2.0));
  return failures();
}
