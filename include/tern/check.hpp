// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a derivative right? check_grads compares it with finite differences, and
// forward mode with reverse mode.
//
// Along a direction v of all active arguments, and for h about the cube root of
// the rounding unit,
//
//   finite difference   (f(x + h v) - f(x - h v)) / 2h   against jvp(v)
//   dot product         jvp(v)                           against <grad, v>
//
// The first is as exact as differences are (1e-6 relative, more where f is
// curved), the second to rounding. Of a function with a kink at x neither side
// of it is "the" derivative.
#ifndef TERN_CHECK_HPP
#define TERN_CHECK_HPP
#include "jacobian.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace tern {

/// What check_grads found. Errors are relative to the larger side, or to 1.
struct check_result {
  double difference_error = 0; ///< jvp against finite differences
  double dot_error = 0;        ///< jvp against grad
  bool passed = false;
  explicit operator bool() const { return passed; }
};

namespace detail {

inline double relative_error(double a, double b) {
  double error = std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1.0});
  return std::isnan(error) ? INFINITY : error;
}

/// An argument with a direction to move it in. What carries no derivative stays
/// as it is.
template <class A> struct moved_argument {
  using value = std::remove_cv_t<value_of<A>>;
  static constexpr bool moves = argument<A>::how == role::active;

  explicit moved_argument(A &arg)
      : at(argument<A>::primal(arg)), direction(at), point(at) {}

  template <class Generator> void choose(Generator &next) {
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    if constexpr (moves)
      for (number_place place : places_in(direction))
        place.set(uniform(next));
  }
  void move(double step) {
    if constexpr (moves) {
      auto from = places_in(at), along = places_in(direction);
      auto to = places_in(point);
      for (std::size_t i = 0; i != to.size(); ++i)
        to[i].set(from[i].get() + step * along[i].get());
    }
  }
  auto as_dual() {
    if constexpr (moves)
      return Dual{at, direction};
    else
      return Const{at};
  }
  auto as_plain() {
    if constexpr (moves)
      return Active{at};
    else
      return Const{at};
  }
  template <class G> double dot(G &gradient) {
    double sum = 0;
    if constexpr (moves) {
      auto a = places_in(gradient), b = places_in(direction);
      for (std::size_t i = 0; i != a.size(); ++i)
        sum += a[i].get() * b[i].get();
    }
    return sum;
  }

  value at, direction, point;
};

template <class Fn, class... A, std::size_t... I>
check_result run_check(const Fn &fn, std::index_sequence<I...>, A &...args) {
  using R = result_for<Fn, A...>;
  static_assert(std::is_floating_point_v<R>,
                "check_grads wants a function that returns one number");
  (check_reverse_argument<A>(), ...);
  std::tuple<moved_argument<A>...> moved{moved_argument<A>(args)...};
  std::mt19937 generator(20220722);
  (std::get<I>(moved).choose(generator), ...);

  const double unit = std::numeric_limits<R>::epsilon();
  const double step = std::cbrt(unit);
  auto value_at = [&](double distance) {
    (std::get<I>(moved).move(distance), ...);
    return static_cast<double>(fn(std::get<I>(moved).point...));
  };
  double difference = (value_at(step) - value_at(-step)) / (2 * step);

  std::tuple duals{std::get<I>(moved).as_dual()...};
  double tangent = run_jvp(fn, std::get<I>(duals)...);

  std::tuple plain{std::get<I>(moved).as_plain()...};
  std::tuple gradients = gradient_slots(fn, std::get<I>(plain)...);
  double product = (std::get<I>(moved).dot(std::get<I>(gradients)) + ... + 0.0);

  check_result found;
  found.difference_error = relative_error(tangent, difference);
  found.dot_error = relative_error(tangent, product);
  found.passed = found.difference_error < 100 * std::sqrt(unit) &&
                 found.dot_error < 0.1 * std::sqrt(unit);
  return found;
}

} // namespace detail

/// Checks both modes at a point, along one direction (the same at every run).
/// Arguments as for grad; memory is passed as Const, and not written by f.
///
///   assert(tern::check_grads<f>(x, y));
template <auto F, class... A> check_result check_grads(A &&...args) {
  return detail::run_check(detail::fixed<F>{}, detail::indices<A...>{},
                           args...);
}
template <class Fn> auto check_grads(Fn fn) {
  return [fn](auto &&...args) {
    return detail::run_check(fn, detail::indices<decltype(args)...>{}, args...);
  };
}

} // namespace tern
#endif
