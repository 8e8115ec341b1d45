// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several derivatives one after another, each compared with a model.
//
// Problem. What one request leaves behind (in a shadow, in a global, in a
// buffer kept between calls) shows in the next one only.
//
// Idea. The text of a program says `real` and is compiled twice: in namespace
// `plain` for Tern, in namespace `model` with numbers that carry three
// derivatives at once, so that one call of the model stands for one request.
// Before a request the model's memory becomes constant, as the contract says:
// what a program put into a global before counts as constant.
//
//   main:  grad(0.5, 1.25, 0); jvp(...); open(0, ...); back(0, 1.0); ...
//
// Prints a line per mismatch: fail <check> <what> got <x>, want <y>.
#pragma once
#include "dual.h"
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tern/tern.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace tern_fuzz {

/// a's direction, b's direction, and a's once more for second derivatives.
using model_number = dual<dual<dual<double>>>;

inline model_number lifted(double v, double da, double db, double da2) {
  return {{{v, da2}, {db, 0}}, {{da, 0}, {0, 0}}};
}
inline void make_constant(model_number &x) { x = lifted(value_of(x), 0, 0, 0); }

struct wanted {
  double value, da, db, daa;
};
inline wanted parts(const model_number &r) {
  return {r.v.v.v, r.d.v.v, r.v.d.v, r.d.v.d};
}

inline std::atomic<int> mismatches{0};

inline void agree(const char *check, const char *what, double got,
                  double want) {
  double size = __builtin_fabs(want) > 1 ? __builtin_fabs(want) : 1;
  if (__builtin_fabs(got - want) <= 1e-9 * size)
    return;
  if (mismatches++ == 0) {
    printf("0 fail %s %s got %.12g, want %.12g\n", check, what, got, want);
    fflush(stdout);
  }
}

} // namespace tern_fuzz
