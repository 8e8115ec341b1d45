// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Samples.h"

// glibc's functions on _Float128, a type that clang calls __float128.
extern "C" {
#define QUAD1(Name) __float128 Name(__float128) noexcept;
#define QUAD2(Name) __float128 Name(__float128, __float128) noexcept;
QUAD1(expf128)
QUAD1(exp2f128)
QUAD1(exp10f128)
QUAD1(expm1f128)
QUAD1(logf128)
QUAD1(log2f128)
QUAD1(log10f128)
QUAD1(log1pf128)
QUAD1(sqrtf128)
QUAD1(cbrtf128)
QUAD2(powf128)
QUAD2(hypotf128)
QUAD1(sinf128)
QUAD1(cosf128)
QUAD1(tanf128)
QUAD1(asinf128)
QUAD1(acosf128)
QUAD1(atanf128)
QUAD2(atan2f128)
QUAD1(sinhf128)
QUAD1(coshf128)
QUAD1(tanhf128)
QUAD1(asinhf128)
QUAD1(acoshf128)
QUAD1(atanhf128)
QUAD1(erff128)
QUAD1(erfcf128)
QUAD1(tgammaf128)
QUAD1(lgammaf128)
QUAD1(j0f128)
QUAD1(j1f128)
QUAD1(y0f128)
QUAD1(y1f128)
QUAD1(fabsf128)
QUAD2(copysignf128)
QUAD2(fminf128)
QUAD2(fmaxf128)
QUAD2(fdimf128)
QUAD1(floorf128)
QUAD1(ceilf128)
QUAD1(truncf128)
QUAD1(rintf128)
QUAD1(roundf128)
QUAD1(logbf128)
QUAD2(fmodf128)
QUAD2(remainderf128)
QUAD2(nextafterf128)
__float128 jnf128(int, __float128) noexcept;
__float128 ynf128(int, __float128) noexcept;
}

namespace tern::test {

static const Quad PI = 4 * atanf128(1);

/// The sum over 1/(x+k)^(n+1) taken far out, where eight Bernoulli terms do.
static Quad polygamma(Quad Order, Quad X) {
  static const Quad Bernoulli[] = {
      Quad(1) / 6,   Quad(-1) / 30,     Quad(1) / 42,
      Quad(-1) / 30, Quad(5) / 66,      Quad(-691) / 2730,
      Quad(7) / 6,   Quad(-3617) / 510, Quad(43867) / 798};
  int N = int(Order);
  Quad Near = 0;
  for (; X < 200; X += 1)
    Near += powf128(X, -(N + 1));
  Quad Far = N == 0 ? -logf128(X) : powf128(X, -N) / N;
  Far += powf128(X, -(N + 1)) / 2;
  for (int K = 1; K <= 9; ++K) { // B(2k)/(2k)! (2k+n-1)!/n! x^-(2k+n)
    Quad Term = Bernoulli[K - 1] * powf128(X, -(2 * K + N));
    Term *= tgammaf128(2 * K + N) / tgammaf128(N + 1) / tgammaf128(2 * K + 1);
    Far += Term;
  }
  Quad Size = tgammaf128(N + 1) * (Near + Far);
  return N % 2 == 0 ? -Size : Size;
}

#define REFERENCE(Formula)                                                     \
  [](Quad x, [[maybe_unused]] Quad y, [[maybe_unused]] Quad z) -> Quad {       \
    (void)x;                                                                   \
    return Formula;                                                            \
  }

const std::vector<Sample> &samples() {
#define SAMPLE(Name, Signature, Formula, ...)                                  \
  {#Name, Signature, {REFERENCE(Formula)}, {__VA_ARGS__}},
#define SAMPLE_FIELDS(Name, Signature, Field0, Field1, ...)                    \
  {#Name, Signature, {REFERENCE(Field0), REFERENCE(Field1)}, {__VA_ARGS__}},
#define ELSEWHERE(Name)
  static const std::vector<Sample> All = {
#include "Samples.def"
  };
  return All;
}

const std::vector<std::string> &testedElsewhere() {
#undef SAMPLE
#undef SAMPLE_FIELDS
#undef ELSEWHERE
#define SAMPLE(...)
#define SAMPLE_FIELDS(...)
#define ELSEWHERE(Name) #Name,
  static const std::vector<std::string> Names = {
#include "Samples.def"
  };
  return Names;
}

static Quad stepAt(Quad X) {
  return fmaxf128(fabsf128(X), Quad(1) / 1024) / (1 << 21);
}

/// Central differences, extrapolated (Richardson) from steps h, h/2, h/4, h/8.
template <typename Function> static Quad differentiate(Function F, Quad X) {
  constexpr int Levels = 4;
  Quad Step = stepAt(X);
  Quad Table[Levels][Levels];
  for (int I = 0; I != Levels; ++I, Step /= 2) {
    Table[I][0] = (F(X + Step) - F(X - Step)) / (2 * Step);
    Quad Factor = 1;
    for (int J = 1; J <= I; ++J) {
      Factor *= 4;
      Table[I][J] = Table[I][J - 1] +
                    (Table[I][J - 1] - Table[I - 1][J - 1]) / (Factor - 1);
    }
  }
  return Table[Levels - 1][Levels - 1];
}

Quad partialAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand) {
  auto Along = [&](Quad X) {
    Quad P[3] = {At[0], At[1], At[2]};
    P[Operand] = X;
    return F(P[0], P[1], P[2]);
  };
  return differentiate(Along, At[Operand]);
}

Quad secondPartialAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand,
                     unsigned Other) {
  auto Along = [&](Quad X) {
    Quad P[3] = {At[0], At[1], At[2]};
    P[Other] = X;
    return partialAt(F, P, Operand);
  };
  return differentiate(Along, At[Other]);
}

Quad secondNoiseAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand,
                   unsigned Other) {
  constexpr Quad Rounding = Quad(1e-32);
  Quad Smallest = stepAt(At[Operand]) * stepAt(At[Other]) / 64;
  return Rounding * fabsf128(F(At[0], At[1], At[2])) / Smallest;
}

} // namespace tern::test
