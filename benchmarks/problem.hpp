// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the measuring program knows of a benchmark.
//
// Each problem consists of <problem>.hpp (sizes, declarations), <problem>.cpp
// (the primal, and the request for its derivative: nothing else, so that its
// compile time means something) and <problem>_case.cpp (inputs, the derivative
// written by hand, and a Problem that ties them together).
//
// All of them are compiled once per variant, into the namespace BENCH_VARIANT:
// with and without `restrict` on the pointers (BENCH_RESTRICT), so that both
// can be timed in one process. Without BENCH_TERN the derivative asked of Tern
// is left out; the hand-written ones are then still tested by finite
// differences (check_by_hand.cpp).
#pragma once
#include "variant.hpp"
#include <memory>
#include <span>
#include <string>
#include <vector>

#define BENCH_TEXT_OF(X) #X
#define BENCH_TEXT(X) BENCH_TEXT_OF(X)

namespace bench {

using Vector = std::vector<double>;

struct Problem {
  std::string name;    ///< "gmm"
  std::string input;   ///< "gmm_d10_K25" or "generated, same shape"
  std::string variant; ///< "with_restrict", "without_restrict", ...
  double target = 0;   ///< gradient over primal to stay below; 0: none
  double step = 1e-4;  ///< of the finite differences

  virtual ~Problem() = default;
  /// What the derivative is taken of; perturbed by the finite differences.
  virtual std::span<double> parameters() = 0;
  /// Runs the primal; a number that keeps it from being optimised away.
  virtual double primal() = 0;
  /// The outputs at the current parameters: one value, or the residuals.
  virtual Vector outputs() { return {primal()}; }
  /// The derivative: a gradient, or a Jacobian in the problem's own layout.
  virtual void by_hand(Vector &derivative) = 0;
  virtual void by_tern(Vector &derivative) = 0;
  /// Derivative (as by_hand leaves it) times a direction, shaped as outputs.
  virtual Vector times(const Vector &derivative, const Vector &direction);
  /// "" if the input has no published value or it is met, else what differs.
  virtual std::string compare_with_published(const Vector &) { return ""; }
};

using MakeProblem = std::unique_ptr<Problem> (*)();
/// The makers of all cases that are linked in, in the order of the link line.
std::vector<MakeProblem> &problem_makers();

struct Registration {
  explicit Registration(MakeProblem make) { problem_makers().push_back(make); }
};

/// Makes `Case` known under the variant that this file is compiled for.
template <class Case, auto... Arguments> std::unique_ptr<Problem> make_case() {
  auto made = std::make_unique<Case>(Arguments...);
  made->variant = BENCH_TEXT(BENCH_VARIANT);
  return made;
}

/// Numbers in a file below $TERN_DATA or ../shared/data; empty if not there.
Vector read_numbers(const std::string &relative_path);
/// Its lines cut at ':', for tables that mix names and numbers.
std::vector<std::vector<std::string>>
read_table(const std::string &relative_path);

/// The same numbers on every machine: uniform in [low, high).
class Generator {
public:
  explicit Generator(unsigned long long seed) : state(seed) {}
  double operator()(double low = -1, double high = 1);
  Vector vector(std::size_t count, double low = -1, double high = 1);

private:
  unsigned long long state;
};

} // namespace bench
