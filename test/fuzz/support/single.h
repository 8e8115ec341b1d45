// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One program, checked without an oracle: what the hunt found, as a test.
//
// The program is `real P(real *x, real *y, real a, real b, long n, long m)`;
// FUZZ_SINGLE(P) adds a main that compares forward mode with central
// differences and reverse mode with forward mode, at the points of the hunt.
// FUZZ_SINGLE_SECOND(P) does the same for the derivative of the gradient.
// Exit status 0 and no output mean that all agree.
#pragma once
#define FUZZ_DOUBLE 1
#include "points.h"
#include "reals.h"
#include "requests.h"

extern "C" int printf(const char *, ...);
static inline real bounded(real v) { return v / (1.0 + v * v); }
static inline real square_plus(real v, double c) { return v * v + c; }

namespace tern_fuzz {

inline int complaints = 0;

inline void agree(const char *what, double got, double want, double tolerance) {
  if (__builtin_fabs(got - want) <= tolerance * (1 + __builtin_fabs(want)))
    return;
  ++complaints;
  printf("%s: got %.12g, want %.12g\n", what, got, want);
}

// The outputs of P weighted with u; the result's weight is 1.
template <class P>
double weighted_outputs(P primal, state<double> s, const point &p) {
  double sum = primal(&s, p.sizes);
  for (int i = 0; i < 16; ++i)
    sum += entry(s, i) * entry(p.u, i);
  return sum;
}

template <class P> double difference(P primal, const point &p, double h) {
  state<double> up = p.s, down = p.s;
  for (int i = 0; i < state_length; ++i) {
    entry(up, i) += h * entry(p.v, i);
    entry(down, i) -= h * entry(p.v, i);
  }
  return (weighted_outputs(primal, up, p) - weighted_outputs(primal, down, p)) /
         (2 * h);
}

// dot(J' u, v) at s.
template <class R>
double reverse_dot(R reverse, state<double> s, const point &p) {
  state<double> g = p.u;
  reverse(&s, &g, p.sizes);
  double sum = 0;
  for (int i = 0; i < state_length; ++i)
    sum += entry(g, i) * entry(p.v, i);
  return sum;
}

template <class P, class F, class R>
void check_first(P primal, F forward, R reverse, const point &p, bool floats) {
  state<double> s = p.s, t = p.v;
  double ahead = forward(&s, &t, p.sizes);
  for (int i = 0; i < 16; ++i)
    ahead += entry(t, i) * entry(p.u, i);
  agree("forward", ahead, difference(primal, p, floats ? 1e-2 : 1e-5),
        floats ? 5e-2 : 1e-6);
  agree("reverse", reverse_dot(reverse, p.s, p), ahead, floats ? 1e-3 : 1e-9);
}

// v' H v from both second-order modes against differences of the gradient.
template <class R, class FOR, class ROR>
void check_second(R reverse, FOR fov, ROR rov, const point &p) {
  const double h = 1e-5;
  state<double> up = p.s, down = p.s;
  for (int i = 0; i < state_length; ++i) {
    entry(up, i) += h * entry(p.v, i);
    entry(down, i) -= h * entry(p.v, i);
  }
  double want =
      (reverse_dot(reverse, up, p) - reverse_dot(reverse, down, p)) / (2 * h);
  state<double> s = p.s, t = p.v, g = p.u, row = {}, column = {};
  fov(&s, &t, &g, &row, p.sizes);
  s = p.s;
  rov(&s, &column, &p.u, &p.v, p.sizes);
  double one = 0, two = 0;
  for (int i = 0; i < state_length; ++i) {
    one += entry(row, i) * entry(p.v, i);
    two += entry(column, i) * entry(p.v, i);
  }
  agree("forward over reverse", one, want, 1e-5);
  agree("reverse over reverse", two, want, 1e-5);
}

} // namespace tern_fuzz

#define FUZZ_SINGLE_WITH(P, FLOATS)                                            \
  FUZZ_PRIMAL(P)                                                               \
  FUZZ_FORWARD(P)                                                              \
  FUZZ_REVERSE(P)                                                              \
  int main() {                                                                 \
    for (int round = 0; round < 3; ++round)                                    \
      tern_fuzz::check_first(P##_primal, P##_forward, P##_reverse,             \
                             tern_fuzz::random_point(round), FLOATS);          \
    return tern_fuzz::complaints != 0;                                         \
  }
// The same with the two sweeps as two calls.
#define FUZZ_SINGLE_SPLIT(P)                                                   \
  FUZZ_PRIMAL(P)                                                               \
  FUZZ_FORWARD(P)                                                              \
  FUZZ_SPLIT(P)                                                                \
  int main() {                                                                 \
    for (int round = 0; round < 3; ++round)                                    \
      tern_fuzz::check_first(P##_primal, P##_forward, P##_split,               \
                             tern_fuzz::random_point(round), false);           \
    return tern_fuzz::complaints != 0;                                         \
  }
// Forward mode with two tangents: the first lane against differences.
#define FUZZ_SINGLE_WIDE(P)                                                    \
  FUZZ_PRIMAL(P)                                                               \
  FUZZ_WIDE(P)                                                                 \
  FUZZ_REVERSE(P)                                                              \
  static double P##_forward(point_state *s, point_state *t, call_sizes z) {    \
    double results[2];                                                         \
    point_state other = {};                                                    \
    P##_wide(s, t, &other, results, z);                                        \
    return results[0];                                                         \
  }                                                                            \
  int main() {                                                                 \
    for (int round = 0; round < 3; ++round)                                    \
      tern_fuzz::check_first(P##_primal, P##_forward, P##_reverse,             \
                             tern_fuzz::random_point(round), false);           \
    return tern_fuzz::complaints != 0;                                         \
  }
#define FUZZ_SINGLE(P) FUZZ_SINGLE_WITH(P, false)
#define FUZZ_SINGLE_FLOAT(P) FUZZ_SINGLE_WITH(P, true)
#define FUZZ_SINGLE_SECOND(P)                                                  \
  FUZZ_REVERSE(P)                                                              \
  FUZZ_FORWARD_OVER_REVERSE(P)                                                 \
  FUZZ_REVERSE_OVER_REVERSE(P)                                                 \
  int main() {                                                                 \
    for (int round = 0; round < 3; ++round)                                    \
      tern_fuzz::check_second(P##_reverse, P##_fov, P##_rov,                   \
                              tern_fuzz::random_point(round));                 \
    return tern_fuzz::complaints != 0;                                         \
  }
