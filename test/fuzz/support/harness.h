// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the three translation units of a batch agree on.
//
//   oracle.cpp   the programs with duals and long doubles, plain clang
//   batch.cpp    the programs with doubles and Tern's markers, one per level
//   harness.cpp  calls both and compares
//
// The batch may be C: it gets the types without their templates.
//
// Every program is a map (x[8], y[8], a, b) -> (x'[8], y'[8], result): it may
// overwrite x and y in place. Its state is the vector of 18 (19 with the
// result); all checks are about the Jacobian of that map.
#pragma once

#ifdef __cplusplus
namespace tern_fuzz {

enum { array_length = 8, state_length = 18, output_length = 17 };

/// x and y behind one another, then a and b; results come back in x, y.
template <class T> struct state {
  T x[array_length], y[array_length], a, b;
};
using point_state = state<double>;
#else
typedef struct {
  double x[8], y[8], a, b;
} point_state;
typedef struct call_sizes call_sizes;
typedef struct derivatives derivatives;
#endif

struct call_sizes {
  long n, m;
};

/// What a program has been compiled for; null where it was not asked for.
struct derivatives {
  const char *name;
  bool has_floats; ///< parts of it compute in float: looser tolerance
  double (*primal)(point_state *, call_sizes);
  /// Tangents in and out; returns the tangent of the result.
  double (*forward)(point_state *, point_state *, call_sizes);
  /// Adjoints of the outputs in, of the inputs out; the result's seed is 1.
  void (*reverse)(point_state *, point_state *, call_sizes);
  /// Forward over reverse: tangent of the adjoints of the inputs.
  void (*forward_over_reverse)(point_state *, point_state *, point_state *,
                               point_state *, call_sizes);
  /// Reverse over reverse: gradient of dot(direction, adjoints of the inputs).
  void (*reverse_over_reverse)(point_state *, point_state *,
                               const point_state *, const point_state *,
                               call_sizes);
  /// Forward with two tangents at once; the result's tangents in `results`.
  void (*wide)(point_state *, point_state *, point_state *, double results[2],
               call_sizes);
  /// As `reverse`, for two adjoints at once.
  void (*wide_reverse)(point_state *, point_state *, point_state *, call_sizes);
  /// As `reverse`, in two calls joined by a tape.
  void (*split)(point_state *, point_state *, call_sizes);
  /// Both modes with x and b passed as Const: tangents, then adjoints.
  double (*fixed)(point_state *, point_state *, point_state *, call_sizes);
};

#ifdef __cplusplus
} // namespace tern_fuzz
#endif
