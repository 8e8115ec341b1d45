// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The points at which programs are examined: reproducible, the same for every
// program, inside the domain for which their values are known to be bounded.
#pragma once
#include "harness.h"

namespace tern_fuzz {

inline constexpr unsigned long first_random_state = 0x9e3779b97f4a7c15u;
inline unsigned long random_state = first_random_state;
inline double uniform(double low, double high) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return low + (high - low) * double(random_state >> 11) * 0x1p-53;
}

template <class T> T &entry(state<T> &s, int i) {
  return i < 8 ? s.x[i] : i < 16 ? s.y[i - 8] : i == 16 ? s.a : s.b;
}
template <class T> const T &entry(const state<T> &s, int i) {
  return entry(const_cast<state<T> &>(s), i);
}
inline state<double> random_state_vector(double low, double high) {
  state<double> s;
  for (int i = 0; i < state_length; ++i)
    entry(s, i) = uniform(low, high);
  return s;
}

struct point {
  state<double> s, v, u; // where, tangent, adjoint of the outputs
  call_sizes sizes;
};

inline point random_point(int round) {
  point p;
  p.s = random_state_vector(-0.95, 0.95);
  p.v = random_state_vector(-1, 1);
  p.u = random_state_vector(-1, 1);
  p.sizes.n = round == 0 ? 5 : 2;
  // The last one skips each loop to m.
  p.sizes.m = round == 0 ? 3 : round == 1 ? 4 : 0;
  return p;
}

} // namespace tern_fuzz
