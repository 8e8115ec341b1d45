// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Second derivatives do not depend on the order: H = H', u . (H v) = v . (H u).
// RUN: %run-all-levels %s
#include "Inputs/functions.h"
#include <tern/tern.hpp>

template <output (*F)(const input &)> double weighted(const input &x) {
  output y = F(x);
  return y[0] * y[1] + std::sin(y[2]);
}

template <output (*F)(const input &)> void law(const char *name) {
  for (const input &x : Points) {
    auto h = tern::hessian<weighted<F>>(x);
    for (int i = 0; i < Inputs; ++i)
      for (int j = 0; j < i; ++j)
        same(name, h(i, j), h(j, i));
    input hv = tern::hvp<weighted<F>>(x, Direction);
    input hu = tern::hvp<weighted<F>>(x, Other);
    same(name, dot(Other, hv), dot(Direction, hu));
    for (int i = 0; i < Inputs; ++i) {
      double along = 0;
      for (int j = 0; j < Inputs; ++j)
        along += h(i, j) * Direction[j];
      same(name, along, hv[i]);
    }
  }
}

int main() {
  TRY_ON_ALL(law);
  return failed;
}
