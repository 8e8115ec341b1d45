// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ADOL-C (-DPEER_ADOLC) or Sacado (-DPEER_SACADO) on the problems of
// problems.hpp. Each gradient includes the making of its tape: a tape holds for
// one path through the program only. One JSON object per line.
#include "problems.hpp"
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <type_traits>
#ifdef PEER_ADOLC
#include <adolc/adolc.h>
#else
#include <Sacado.hpp>
#endif

using namespace peers;

namespace {

#ifdef PEER_ADOLC
const char *tool = "ADOL-C";

template <class Problem> void record(const Problem &problem, const Vector &at) {
  trace_on(0);
  double result = 0;
  {
    std::vector<adouble> x(at.size());
    for (std::size_t i = 0; i < at.size(); ++i)
      x[i] <<= at[i];
    adouble y = problem.value(x.data());
    y >>= result;
  }
  trace_off();
}

template <class Problem> Vector derivative(const Problem &problem) {
  Vector at = problem.parameters;
  const int n = static_cast<int>(at.size());
  Vector result(n);
  record(problem, at);
  ::gradient(0, n, at.data(), result.data());
  if constexpr (std::is_same_v<Problem, Kmeans>) {
    Vector ones(n, 1.0), diagonal(n);
    hess_vec(0, n, at.data(), ones.data(), diagonal.data());
    result.insert(result.end(), diagonal.begin(), diagonal.end());
  }
  return result;
}
#else
const char *tool = "Sacado";

template <class Problem> Vector derivative(const Problem &problem) {
  const Vector &at = problem.parameters;
  if constexpr (std::is_same_v<Problem, Kmeans>) {
    // Forward over reverse, along the vector of ones.
    using Tangent = Sacado::Fad::SFad<double, 1>;
    using Number = Sacado::Rad::ADvar<Tangent>;
    std::vector<Number> x(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      Tangent start(at[i]);
      start.fastAccessDx(0) = 1;
      x[i] = start;
    }
    Number y = problem.value(x.data());
    Number::Gradcomp();
    Vector result(2 * at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      result[i] = x[i].adj().val();
      result[at.size() + i] = x[i].adj().dx(0);
    }
    return result;
  } else {
    using Number = Sacado::Rad::ADvar<double>;
    std::vector<Number> x(at.begin(), at.end());
    Number y = problem.value(x.data());
    Number::Gradcomp();
    Vector result(at.size());
    for (std::size_t i = 0; i < at.size(); ++i)
      result[i] = x[i].adj();
    return result;
  }
}
#endif

template <class Run> double best_of(int rounds, Run run) {
  double best = INFINITY;
  for (int i = 0; i < rounds; ++i) {
    const std::clock_t start = std::clock(); // processor time
    run();
    best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

template <class Problem>
void measure(const Problem &problem, const char *input) {
  if (problem.parameters.empty())
    return;
  volatile double sink;
  Vector result;
  const double primal =
      best_of(20, [&] { sink = problem.value(problem.parameters.data()); });
  const double both = best_of(3, [&] { result = derivative(problem); });
  double square = 0;
  for (double entry : result)
    square += entry * entry;
  std::printf("{\"tool\": \"%s\", \"name\": \"%s\", \"input\": \"%s\", "
              "\"square\": %.17g, \"primal\": %g, \"gradient\": %g}\n",
              tool, Problem::name, input, square, primal, both);
  std::fflush(stdout);
}

} // namespace

int main() {
  measure(Gmm("gmm_d10_K25"), "gmm_d10_K25");
  measure(Gmm("gmm_d32_K25"), "gmm_d32_K25");
  measure(Lse(), "n=160000");
  measure(Llsq(), "n=2048 m=128");
  measure(Kmeans(), "n=10000 k=100 d=8");
  measure(Ode(1000), "n=1000 steps=100");
}
