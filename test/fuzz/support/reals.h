// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the text of a generated program may say: `real`, `flt`, `bits`, vec2,
// vec4 and the mathematical functions. Three meanings, one per inclusion:
//
//   FUZZ_DOUBLE     real = double         what Tern differentiates
//   FUZZ_DUAL       real = FUZZ_REAL      dual numbers (plain clang)
//   FUZZ_LONG       real = long double    finite differences (plain clang)
//
// atomic_added, atomic_taken and atomic_swapped return what was there before.
// FUZZ_SYMBOL gives a static variable a symbol that C++ could not spell; the
// oracles, which say everything two or three times, leave it out.
//
// FUZZ_DOUBLE declares the few library functions by hand: headers of the
// standard library would cost more compile time than the programs.

#if defined(FUZZ_DOUBLE)
typedef double real;
typedef float flt;
typedef unsigned long __attribute__((may_alias)) bits;
typedef double vec2 __attribute__((vector_size(16)));
typedef double vec4 __attribute__((vector_size(32)));
typedef __SIZE_TYPE__ size_t;
#ifdef __cplusplus
extern "C" {
#endif
void *malloc(size_t);
void *calloc(size_t, size_t);
void *realloc(void *, size_t);
void free(void *);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int snprintf(char *, size_t, const char *, ...);
void abort(void);
#define FUZZ_UNARY(name)                                                       \
  double name(double);                                                         \
  float name##f(float);
FUZZ_UNARY(sin) FUZZ_UNARY(cos) FUZZ_UNARY(tan) FUZZ_UNARY(asin)
FUZZ_UNARY(acos) FUZZ_UNARY(atan) FUZZ_UNARY(sinh) FUZZ_UNARY(cosh)
FUZZ_UNARY(tanh) FUZZ_UNARY(asinh) FUZZ_UNARY(acosh) FUZZ_UNARY(atanh)
FUZZ_UNARY(exp) FUZZ_UNARY(exp2) FUZZ_UNARY(exp10) FUZZ_UNARY(expm1)
FUZZ_UNARY(log) FUZZ_UNARY(log2) FUZZ_UNARY(log10) FUZZ_UNARY(log1p)
FUZZ_UNARY(sqrt) FUZZ_UNARY(cbrt) FUZZ_UNARY(fabs) FUZZ_UNARY(erf)
FUZZ_UNARY(erfc) FUZZ_UNARY(tgamma) FUZZ_UNARY(lgamma) FUZZ_UNARY(floor)
FUZZ_UNARY(ceil) FUZZ_UNARY(trunc) FUZZ_UNARY(rint) FUZZ_UNARY(round)
FUZZ_UNARY(nearbyint)
double j0(double); double j1(double); double jn(int, double);
double y0(double); double y1(double); double yn(int, double);
double pow(double, double); double atan2(double, double);
double hypot(double, double); double fmod(double, double);
double remainder(double, double); double fmax(double, double);
double fmin(double, double); double fdim(double, double);
double copysign(double, double); double fma(double, double, double);
double ldexp(double, int); double scalbn(double, int);
double frexp(double, int *); double modf(double, double *);
void sincos(double, double *, double *);
#ifdef __cplusplus
}
#endif
#undef FUZZ_UNARY
static inline double powi(double x, int n) { return __builtin_powi(x, n); }
static inline bits to_bits(real x) { bits b; memcpy(&b, &x, sizeof b); return b; }
static inline real from_bits(bits b) { real x; memcpy(&x, &b, sizeof x); return x; }
static inline real sign_flipped(real x) { return from_bits(to_bits(x) ^ (1ul << 63)); }
static inline real sign_cleared(real x) { return from_bits(to_bits(x) & ~(1ul << 63)); }
static inline real sign_from(real x, real s) {
  return from_bits((to_bits(x) & ~(1ul << 63)) | (to_bits(s) & (1ul << 63)));
}
static inline double plain_value(real x) { return x; }
static inline real atomic_added(real *p, real v) {
  return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);
}
static inline real atomic_taken(real *p, real v) {
  return __atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST);
}
static inline real atomic_swapped(real *p, real v) {
  real old;
  __atomic_exchange(p, &v, &old, __ATOMIC_SEQ_CST);
  return old;
}
#define FUZZ_SYMBOL(name) __asm__(name)
static inline vec2 reversed2(vec2 v) { return __builtin_shufflevector(v, v, 1, 0); }
static inline vec4 reversed4(vec4 v) { return __builtin_shufflevector(v, v, 3, 2, 1, 0); }
static inline vec2 upper_half(vec4 v) { return __builtin_shufflevector(v, v, 2, 3); }

#else // a class or long double in place of double

#if defined(FUZZ_DUAL)
typedef FUZZ_REAL real;
typedef FUZZ_FLOAT flt;
namespace from = tern_fuzz;
#define FUZZ_CALL(name) from::name
#define FUZZ_CALLF(name) from::name
#else
typedef long double real;
typedef long double flt;
#define FUZZ_CALL(name) ::name##l
#define FUZZ_CALLF(name) ::name##l
#endif
typedef __SIZE_TYPE__ size_t;
struct __attribute__((may_alias)) bits { unsigned long word[sizeof(real) / 8]; };

#define FUZZ_UNARY(name)                                                       \
  static inline real name(real x) { return FUZZ_CALL(name)(x); }
#define FUZZ_UNARYF(name)                                                      \
  static inline flt name##f(flt x) { return FUZZ_CALLF(name)(x); }
FUZZ_UNARY(sin) FUZZ_UNARY(cos) FUZZ_UNARY(tan) FUZZ_UNARY(asin)
FUZZ_UNARY(acos) FUZZ_UNARY(atan) FUZZ_UNARY(sinh) FUZZ_UNARY(cosh)
FUZZ_UNARY(tanh) FUZZ_UNARY(asinh) FUZZ_UNARY(acosh) FUZZ_UNARY(atanh)
FUZZ_UNARY(exp) FUZZ_UNARY(exp2) FUZZ_UNARY(exp10) FUZZ_UNARY(expm1)
FUZZ_UNARY(log) FUZZ_UNARY(log2) FUZZ_UNARY(log10) FUZZ_UNARY(log1p)
FUZZ_UNARY(sqrt) FUZZ_UNARY(cbrt) FUZZ_UNARY(fabs) FUZZ_UNARY(erf)
FUZZ_UNARY(erfc) FUZZ_UNARY(tgamma) FUZZ_UNARY(lgamma) FUZZ_UNARY(floor)
FUZZ_UNARY(ceil) FUZZ_UNARY(trunc) FUZZ_UNARY(rint) FUZZ_UNARY(round)
FUZZ_UNARY(nearbyint) FUZZ_UNARY(j0) FUZZ_UNARY(j1) FUZZ_UNARY(y0)
FUZZ_UNARY(y1)
FUZZ_UNARYF(sin) FUZZ_UNARYF(cos) FUZZ_UNARYF(tanh) FUZZ_UNARYF(exp)
FUZZ_UNARYF(log) FUZZ_UNARYF(sqrt) FUZZ_UNARYF(atan) FUZZ_UNARYF(fabs)
#undef FUZZ_UNARY
#undef FUZZ_UNARYF
#define FUZZ_BINARY(name)                                                      \
  static inline real name(real a, real b) { return FUZZ_CALL(name)(a, b); }
FUZZ_BINARY(pow) FUZZ_BINARY(atan2) FUZZ_BINARY(hypot) FUZZ_BINARY(fmod)
FUZZ_BINARY(remainder) FUZZ_BINARY(fmax) FUZZ_BINARY(fmin) FUZZ_BINARY(fdim)
FUZZ_BINARY(copysign)
#undef FUZZ_BINARY
static inline real jn(int n, real x) { return FUZZ_CALL(jn)(n, x); }
static inline real yn(int n, real x) { return FUZZ_CALL(yn)(n, x); }
static inline real fma(real a, real b, real c) { return FUZZ_CALL(fma)(a, b, c); }
static inline real ldexp(real x, int e) { return FUZZ_CALL(ldexp)(x, e); }
static inline real scalbn(real x, int e) { return FUZZ_CALL(scalbn)(x, e); }
static inline real frexp(real x, int *e) { return FUZZ_CALL(frexp)(x, e); }
static inline real modf(real x, real *w) { return FUZZ_CALL(modf)(x, w); }
static inline void sincos(real x, real *s, real *c) { *s = sin(x); *c = cos(x); }
#if defined(FUZZ_DUAL)
static inline real powi(real x, int n) { return from::powi(x, n); }
#else
static inline real powi(real x, int n) { return __builtin_powil(x, n); }
#endif
#undef FUZZ_CALL
#undef FUZZ_CALLF

static inline bits to_bits(real x) { bits b; memcpy(&b, &x, sizeof b); return b; }
static inline real from_bits(bits b) { real x; memcpy(&x, &b, sizeof x); return x; }
static inline real sign_flipped(real x) { return -x; }
static inline real sign_cleared(real x) { return fabs(x); }
static inline real sign_from(real x, real s) { return copysign(x, s); }
static inline double plain_value(real x) { return tern_fuzz::value_of(x); }
static inline real atomic_swapped(real *p, real v) {
  real old = *p;
  *p = v;
  return old;
}
static inline real atomic_added(real *p, real v) { return atomic_swapped(p, *p + v); }
static inline real atomic_taken(real *p, real v) { return atomic_swapped(p, *p - v); }
#define FUZZ_SYMBOL(name)

template <int N> struct lanes {
  real lane[N];
  real &operator[](long i) { return lane[i]; }
};
#define FUZZ_LANEWISE(op)                                                      \
  template <int N> lanes<N> operator op(lanes<N> a, lanes<N> b) {              \
    lanes<N> r;                                                                \
    for (int i = 0; i < N; ++i)                                                \
      r.lane[i] = a.lane[i] op b.lane[i];                                      \
    return r;                                                                  \
  }
FUZZ_LANEWISE(+) FUZZ_LANEWISE(-) FUZZ_LANEWISE(*) FUZZ_LANEWISE(/)
#undef FUZZ_LANEWISE
typedef lanes<2> vec2;
typedef lanes<4> vec4;
static inline vec2 reversed2(vec2 v) { return {{v[1], v[0]}}; }
static inline vec4 reversed4(vec4 v) { return {{v[3], v[2], v[1], v[0]}}; }
static inline vec2 upper_half(vec4 v) { return {{v[2], v[3]}}; }
#endif
