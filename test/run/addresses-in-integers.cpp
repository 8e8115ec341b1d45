// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An address that was rounded, or that the lowest bits of another are added to,
// keeps the shadow of what it points into; so does one that a distance within
// one object is added to.
// RUN: %run-all-levels %s
#include "Inputs/near.h"
#include <cstdint>
#include <tern/tern.hpp>

static double rounded(double x, int n) {
  alignas(64) double table[16];
  table[0] = x * x;
  table[2] = x;
  auto at = reinterpret_cast<std::uintptr_t>(table + 2) & ~std::uintptr_t(63);
  return *reinterpret_cast<double *>(at) * n;
}

static double hashed(double x, int n) {
  double table[16];
  int key = 0;
  for (double &t : table)
    t = x * x;
  auto at = reinterpret_cast<std::uintptr_t>(table) +
            (reinterpret_cast<std::uintptr_t>(&key) & 0x78);
  return *reinterpret_cast<double *>(at) * n;
}

static double distance(double x, int n) {
  double a[4] = {x, x, x, x}, b[4] = {x, x * x, x, x};
  auto d = reinterpret_cast<std::uintptr_t>(a + 1) -
           reinterpret_cast<std::uintptr_t>(a);
  auto at = d + reinterpret_cast<std::uintptr_t>(b);
  return *reinterpret_cast<double *>(at) * n;
}

template <auto F> static void check() {
  near(tern::grad<F>(3.0, 2), 12);
  near(tern::jvp<F>(tern::Dual{3.0, 1.0}, 2), 12);
}

int main() {
  check<rounded>();
  check<hashed>();
  check<distance>();
  return failures();
}
