// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// u . (J v) = (J' u) . v: forward and reverse mode differentiate one function.
// Also column by column: jacfwd = jacrev, in lanes of several.
// RUN: %run-all-levels %s
#include "Inputs/functions.h"
#include <tern/tern.hpp>

template <output (*F)(const input &)> void law(const char *name) {
  for (const input &x : Points) {
    output forward = tern::jvp<F>(tern::Dual{x, Direction});
    auto [value, back] = tern::vjp<F>(x);
    same(name, dot(Weights, forward), dot(back(Weights), Direction));
    same(name, dot(Weights, value), dot(Weights, F(x)));
    auto columns = tern::jacfwd<F>(x), rows = tern::jacrev<F>(x);
    for (int i = 0; i < Outputs; ++i) {
      double along = 0;
      for (int j = 0; j < Inputs; ++j) {
        same(name, columns(i, j), rows(i, j));
        along += rows(i, j) * Direction[j];
      }
      same(name, forward[i], along);
    }
  }
}

int main() {
  TRY_ON_ALL(law);
  return failed;
}
