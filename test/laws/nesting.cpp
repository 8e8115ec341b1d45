// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four ways to the second derivative along two directions are one: forward over
// reverse, reverse over forward, reverse over reverse, forward over forward.
// RUN: %run-all-levels %s
#include "Inputs/functions.h"
#include <tern/tern.hpp>

template <output (*F)(const input &)> double weighted(const input &x) {
  output y = F(x);
  return y[0] * y[1] + std::sin(y[2]);
}
template <output (*F)(const input &)> double slope_by_reverse(const input &x) {
  return dot(tern::grad<weighted<F>>(x), Direction);
}
template <output (*F)(const input &)> double slope_by_forward(const input &x) {
  return tern::jvp<weighted<F>>(tern::Dual{x, Direction});
}

template <output (*F)(const input &)> void law(const char *name) {
  for (const input &x : Points) {
    double wanted = tern::jvp<slope_by_forward<F>>(tern::Dual{x, Other});
    same(name, wanted, tern::jvp<slope_by_reverse<F>>(tern::Dual{x, Other}));
    same(name, wanted, dot(tern::grad<slope_by_forward<F>>(x), Other));
    same(name, wanted, dot(tern::grad<slope_by_reverse<F>>(x), Other));
    same(name, wanted, dot(tern::hvp<weighted<F>>(x, Direction), Other));
  }
}

int main() {
  TRY_ON_ALL(law);
  return failed;
}
