// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a derivative right? check_grads compares it with finite differences, and
// forward mode with reverse mode.
//
// Along a direction v of all active arguments, and for h the cube root of the
// rounding unit,
//
//   finite difference   (f(x + h v) - f(x - h v)) / 2h   against jvp(v)
//   dot product         jvp(v)                           against <grad, v>
//
// Scale. Each number moves in proportion to its own size (v[i] is about x[i];
// where that is zero, about the smallest other one, at most 1), so that x may
// be 1e8 or 1e-10 and stays in the domain. Errors are relative to the
// derivative: to sum |grad[i] v[i]|, which does not vanish where the terms
// cancel. What the rounding of f explains, and its curvature where f hardly
// changes, is no error.
//
// The first is as exact as differences are (1e-5 relative, more where f is
// curved), the second to rounding. Of a function with a kink at x neither side
// of it is "the" derivative.
#ifndef TERN_CHECK_HPP
#define TERN_CHECK_HPP
#include "jacobian.hpp"
#include "macros_off.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tern {

/// What check_grads found. Errors are relative to the size of the derivative.
struct check_result {
  double difference_error = 0; ///< jvp against finite differences
  double dot_error = 0;        ///< jvp against grad
  bool passed = false;
  explicit operator bool() const { return passed; }
};

namespace detail {

/// |a - b| beyond what is allowed, relative to `size` or the larger of them.
inline double relative_error(double a, double b, double allowed, double size) {
  double error = std::abs(a - b) - allowed;
  if (error <= 0)
    return 0;
  error /= std::max({std::abs(a), std::abs(b), size});
  return std::isnan(error) ? INFINITY : error;
}

/// The least size among the numbers that are not zero, at most 1.
inline double least_size(const std::vector<number_place> &places) {
  double least = 1;
  for (const number_place &place : places)
    if (double size = std::abs(place.get()); size > 0)
      least = std::min(least, size);
  return least;
}

/// Numbers between -1 and 1, the same at every run. S. Vigna's splitmix64.
class directions {
public:
  double operator()() {
    std::uint64_t bits = state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return static_cast<double>((bits ^ (bits >> 31)) >> 11) * 0x1p-52 - 1;
  }

private:
  std::uint64_t state = 20220722;
};

/// An argument with a direction to move it in. What carries no derivative stays
/// as it is.
template <class A> struct moved_argument {
  using value = std::remove_cv_t<value_of<A>>;
  static constexpr bool moves = argument<A>::how == role::active;

  explicit moved_argument(A &arg)
      : at(argument<A>::primal(arg)), direction(at), tangent(at), point(at) {}

  void choose(directions &next) {
    if constexpr (moves) {
      auto places = places_in(direction); // as yet a copy of `at`
      double least = least_size(places);
      for (number_place place : places) {
        double size = std::abs(place.get());
        place.set(next() * (size > 0 ? size : least));
      }
    }
  }
  /// The coarsest rounding unit among the numbers that move.
  double unit() const {
    double coarsest = 0;
    if constexpr (moves)
      for_scalars(at, [&]<class N>(const N &) {
        constexpr double mine = std::numeric_limits<N>::epsilon();
        coarsest = std::max(coarsest, mine);
      });
    return coarsest;
  }
  void move(double step) {
    put_back<value>(point, at);
    if constexpr (moves) {
      auto from = places_in(at), along = places_in(direction);
      auto to = places_in(point);
      for (std::size_t i = 0; i != to.size(); ++i)
        to[i].set(from[i].get() + step * along[i].get());
    }
  }
  // The function may write to either.
  auto as_dual() {
    move(0);
    put_back<value>(tangent, direction);
    if constexpr (moves)
      return Dual{point, tangent};
    else
      return Const{point};
  }
  auto as_plain() {
    move(0);
    if constexpr (moves)
      return Active{point};
    else
      return Const{point};
  }
  /// Adds up gradient times direction, and the sizes of the products.
  template <class G> void dot(G &gradient, double &sum, double &size) {
    if constexpr (moves) {
      auto a = places_in(gradient), b = places_in(direction);
      for (std::size_t i = 0; i != a.size(); ++i) {
        double product = a[i].get() * b[i].get();
        sum += product;
        size += std::abs(product);
      }
    }
  }

  value at, direction, tangent, point;
};

template <class Fn, class... A, std::size_t... I>
check_result run_check(const Fn &fn, std::index_sequence<I...>, A &...args) {
  if constexpr (!check_call<Fn, value_of<A>...>()) {
    return {};
  } else {
    using R = result_for<Fn, A...>;
    static_assert(std::is_floating_point_v<R>,
                  "check_grads wants a function that returns one number");
    static_assert((moved_argument<A>::moves || ...),
                  "no argument carries a derivative: write 3.0 for 3, and pass "
                  "memory in objects");
    (check_reverse_argument<A>(), ...);
    std::tuple<moved_argument<A>...> moved{moved_argument<A>(args)...};
    directions generator;
    (std::get<I>(moved).choose(generator), ...);

    const double unit =
        std::max({static_cast<double>(std::numeric_limits<R>::epsilon()),
                  std::get<I>(moved).unit()...});
    const double step = std::cbrt(unit);
    auto value_at = [&](double distance) {
      (std::get<I>(moved).move(distance), ...);
      return static_cast<double>(fn(std::get<I>(moved).point...));
    };
    double above = value_at(step), below = value_at(-step), here = value_at(0);
    double difference = (above - below) / (2 * step);
    double rounding = unit * std::max({std::abs(above), std::abs(below)});
    double change = std::abs(above - here) + std::abs(below - here);

    std::tuple duals{std::get<I>(moved).as_dual()...};
    double tangent = run_jvp(fn, std::get<I>(duals)...);

    std::tuple plain{std::get<I>(moved).as_plain()...};
    std::tuple gradients = gradient_slots(fn, std::get<I>(plain)...);
    double product = 0, size = 0;
    (std::get<I>(moved).dot(std::get<I>(gradients), product, size), ...);

    check_result found;
    found.difference_error = relative_error(
        tangent, difference, 64 * rounding / step + 2 * change, size);
    found.dot_error = relative_error(tangent, product, 64 * rounding, size);
    found.passed = found.difference_error < 100 * std::sqrt(unit) &&
                   found.dot_error < 0.1 * std::sqrt(unit);
    return found;
  }
}

} // namespace detail

/// Checks both modes at a point, along one direction (the same at every run).
/// Arguments as for grad; memory is passed as Const, and not written by f
/// (elements of containers may be).
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
#include "macros_on.hpp"
#endif
