// RUN: %run-all-levels %s
// Calls and bit tricks that are rewritten before differentiation: growth by
// realloc, aligned memory, checked copies, signs set by integer operations.
#include "Inputs/near.h"
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <tern/tern.hpp>

// sum of (i + 1) x^2 over n numbers in a buffer that doubles
static double grown(double x, int n) {
  int capacity = 1, count = 0;
  double *numbers = nullptr;
  for (int i = 0; i < n; ++i) {
    if (count == capacity || !numbers) {
      capacity *= 2;
      numbers = (double *)std::realloc(numbers, capacity * sizeof *numbers);
    }
    numbers[count++] = x * x * (i + 1);
  }
  double sum = 0;
  for (int i = 0; i < count; ++i)
    sum += numbers[i];
  std::free(numbers);
  return sum;
}

static double aligned(double x) {
  void *memory;
  if (posix_memalign(&memory, 64, 4 * sizeof(double)))
    return -1;
  double *numbers = (double *)memory;
  for (int i = 0; i < 4; ++i)
    numbers[i] = x * i;
  double sum = numbers[1] * numbers[3];
  std::free(memory);
  return sum;
}

extern "C" void *__memcpy_chk(void *, const void *, std::size_t, std::size_t);
static double checked(double x) {
  double a[3] = {x, x * x, 1}, b[3];
  __memcpy_chk(b, a, sizeof b, sizeof b);
  return b[0] * b[1];
}

static double negated(double x) {
  auto bits = std::bit_cast<std::uint64_t>(x * x);
  return std::bit_cast<double>(bits ^ (std::uint64_t(1) << 63));
}
static float absolute(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits &= 0x7fffffff;
  float y;
  std::memcpy(&y, &bits, sizeof y);
  return y * y * y;
}
static double with_sign(double x, double y) {
  const std::uint64_t sign = std::uint64_t(1) << 63;
  auto a = std::bit_cast<std::uint64_t>(x * x);
  auto b = std::bit_cast<std::uint64_t>(y);
  return std::bit_cast<double>((a & ~sign) | (b & sign));
}
static double alternating(double x, unsigned n) {
  auto bits = std::bit_cast<std::uint64_t>(x * x);
  return std::bit_cast<double>(bits ^ (std::uint64_t(n) << 63));
}

static double gamma_of(double x) { return std::tgamma(x); }
static double gamma_slope(double x) { return tern::grad<gamma_of>(x); }
static double gamma_curvature(double x) {
  return tern::jvp<gamma_slope>(tern::Dual{x, 1.0});
}

int main() {
  near(tern::grad<grown>(3.0, 10), 2 * 3 * 55.0);
  near(tern::jvp<grown>(tern::Dual{3.0, 1.0}, 10), 2 * 3 * 55.0);
  near(tern::grad<aligned>(2.0), 12);
  near(tern::jvp<aligned>(tern::Dual{2.0, 1.0}), 12);
  near(tern::grad<checked>(2.0), 12);
  near(tern::jvp<checked>(tern::Dual{2.0, 1.0}), 12);
  near(tern::grad<negated>(2.0), -4);
  near(tern::jvp<negated>(tern::Dual{2.0, 1.0}), -4);
  near_float(tern::grad<absolute>(-2.0f), -12);
  near_float(tern::jvp<absolute>(tern::Dual{-2.0f, 1.0f}), -12);
  auto [dx, dy] = tern::grad<with_sign>(3.0, -1.0);
  near(dx, -6);
  near(dy, 0);
  near(tern::jvp<with_sign>(tern::Dual{3.0, 1.0}, tern::Dual{-1.0, 5.0}), -6);
  near(tern::grad<alternating>(3.0, 4u), 6);
  near(tern::grad<alternating>(3.0, 5u), -6);
  // tgamma'' = tgamma (digamma^2 + trigamma), at 3
  near(gamma_curvature(3.0), 2 * (0.9227843350984671 * 0.9227843350984671 +
                                  0.39493406684822644));
  return failures();
}
