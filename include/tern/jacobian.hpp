// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrices of derivatives: jacfwd, jacrev, hessian, hvp. All are taken with
// respect to the first argument; the others carry no derivative.
//
//   std::vector<double> F(const std::vector<double> &x);     // m results, n in
//   tern::matrix J = tern::jacfwd<F>(x);    // m x n, columns: n small
//   tern::matrix J = tern::jacrev<F>(x);    // m x n, rows: m small
//   double f(const std::vector<double> &x);
//   tern::matrix H = tern::hessian<f>(x);   // n x n, n/4 sweeps
//   auto Hv = tern::hvp<f>(x, v);           // H v, one sweep
//
// Idea. Several columns (or rows) are computed per sweep (`lanes`; unless told,
// 8 columns or 4 rows): the values are computed once, the derivatives that many
// times, which vectorises. The Hessian is forward mode over reverse mode: the
// function whose columns are taken is the gradient, itself a reverse-mode
// request.
#ifndef TERN_JACOBIAN_HPP
#define TERN_JACOBIAN_HPP
#include "autodiff.hpp"
#include "macros_off.hpp"
#include <array>
#include <optional>
#include <vector>

namespace tern {

/// A dense matrix, row by row. Row i, column j is (i, j), counted from 0.
struct matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> entries;

  matrix() = default;
  matrix(std::size_t m, std::size_t n) : rows(m), columns(n), entries(m * n) {}
  double &operator()(std::size_t i, std::size_t j) {
    return entries[i * columns + j];
  }
  double operator()(std::size_t i, std::size_t j) const {
    return entries[i * columns + j];
  }
};

namespace detail {

/// The place of one number of an object, of any floating-point type.
class number_place {
public:
  number_place(float &number) : as_float(&number) {}
  number_place(double &number) : as_double(&number) {}
  number_place(long double &number) : as_long_double(&number) {}
  double get() const {
    return as_double  ? *as_double
           : as_float ? static_cast<double>(*as_float)
                      : static_cast<double>(*as_long_double);
  }
  void set(double value) const {
    if (as_double)
      *as_double = value;
    else if (as_float)
      *as_float = static_cast<float>(value);
    else
      *as_long_double = value;
  }

private:
  float *as_float = nullptr;
  double *as_double = nullptr;
  long double *as_long_double = nullptr;
};

template <class T> std::vector<number_place> places_in(T &object) {
  std::vector<number_place> places;
  for_scalars(object, [&](auto &number) { places.emplace_back(number); });
  return places;
}

/// Lanes objects of one shape, and their addresses for a hook.
template <class T, std::size_t Lanes, bool MayGrow = false> class lane_set {
public:
  explicit lane_set(const T &shape) {
    objects.reserve(Lanes);
    for (std::size_t lane = 0; lane != Lanes; ++lane)
      objects.push_back(shadow_like<MayGrow>(shape));
    for (std::size_t lane = 0; lane != Lanes; ++lane) {
      places.push_back(places_in(objects[lane]));
      addresses[lane] = &objects[lane];
    }
  }
  /// The operand after tern_shadow_of_each.
  const void *operand() const { return addresses.data(); }
  std::size_t size() const { return places[0].size(); }
  double get(std::size_t lane, std::size_t i) const {
    return places[lane][i].get();
  }
  void clear() {
    for (T &object : objects)
      set_zero(object);
  }
  /// Lane k becomes unit vector number first + k, zero past the last one.
  void set_units(std::size_t first) {
    clear();
    for (std::size_t lane = 0; lane != Lanes; ++lane)
      if (first + lane < size())
        places[lane][first + lane].set(1.0);
  }

private:
  std::vector<T> objects;
  std::vector<std::vector<number_place>> places;
  std::array<const void *, Lanes> addresses;
};

template <class> consteval const char *constant_word() { return &tern_const; }
template <class> const void *no_shadow() { return nullptr; }
/// A wrapper like `primal`, but the first argument and the result are objects
/// in memory whatever their type.
template <class Fn, class X, class... V> struct primal_at {
  using result = result_of<Fn, X, V...>;
  static void call(result *out, const Fn *fn, X *x,
                   typename crossing<V>::carrier... args) {
    copy_into(*out, (*fn)(*x, crossing<V>::restore(args)...));
  }
};

/// The gradient of fn as such a wrapper: its result is of the shape of x.
template <class Fn, class X, class... V> struct gradient_at {
  using result = std::remove_const_t<X>;
  static void call(result *out, const Fn *fn, X *x,
                   typename crossing<V>::carrier... args) {
    static_assert(std::is_floating_point_v<result_of<Fn, X, V...>>,
                  "a Hessian is that of a function that returns one number");
    set_zero(*out);
    __tern_autodiff_needs_the_tern_plugin_see_README(
        reinterpret_cast<const void *>(&primal<Fn, X, V...>::call),
        sharing_word<holds_views<X>()>(), &tern_const,
        std::is_arithmetic_v<X> ? &tern_out : &tern_dup, constant_word<V>()...,
        operand(fn), operand(crossing<X>::carry(*x)), operand(args)...,
        &tern_shadow_of_each, operand(nullptr), operand(out),
        no_shadow<V>()...);
  }
};

/// `Lanes` tangents through the wrapper W at once.
template <class W, std::size_t Lanes, class Fn, class R, class X, class... A>
void push_lanes(const Fn &fn, R &out, const void *out_lanes, X &x,
                const void *x_lanes, A &...args) {
  __tern_fwddiff_needs_the_tern_plugin_see_README(
      reinterpret_cast<const void *>(&W::call),
      sharing_word<holds_views<X>() || holds_views<R>()>(), &tern_width, Lanes,
      &tern_lanes, &tern_dup, &tern_const, &tern_dup, constant_word<A>()...,
      operand(&out), operand(&fn), operand(&x), primal_operand(args)...,
      &tern_shadow_of_each, out_lanes, operand(nullptr), x_lanes,
      no_shadow<A>()...);
}

/// `Lanes` adjoints through the wrapper W at once.
template <class W, std::size_t Lanes, class Fn, class R, class X, class... A>
void pull_lanes(const Fn &fn, R &out, const void *out_lanes, X &x,
                const void *x_lanes, A &...args) {
  __tern_autodiff_needs_the_tern_plugin_see_README(
      reinterpret_cast<const void *>(&W::call),
      sharing_word<holds_views<X>() || holds_views<R>()>(), &tern_width, Lanes,
      &tern_lanes, &tern_dup, &tern_const, &tern_dup, constant_word<A>()...,
      operand(&out), operand(&fn), operand(&x), primal_operand(args)...,
      &tern_shadow_of_each, out_lanes, operand(nullptr), x_lanes,
      no_shadow<A>()...);
}

template <class> using unwatched_for = unwatched;

/// Watches the first argument of Fn, as the sweeps go over it.
template <class Fn, class X, class... A> class point_watch {
public:
  static constexpr bool may_grow =
      detail::may_grow<Fn, X, unwatched_for<A>...>()[0];

  explicit point_watch(const X &x) : at(x), before(now()) {}
  void check() const { stop_unless_equal(before, now()); }

private:
  std::uint64_t now() const {
    if constexpr (may_grow)
      return places_of(at);
    else
      return 0;
  }
  const X &at;
  std::uint64_t before;
};

template <class X> constexpr void check_point() {
  static_assert(
      ownership<X>() == owns::numbers,
      "the first argument is a number, or an object that owns numbers "
      "(array, vector, plain struct), not a pointer or view");
}

/// As check_apart: the others are constant, however they are passed.
template <class Fn, class X, class... A>
void check_point_apart(X &x, A &...args) {
  constexpr auto open = may_write<Fn, X, value_of<A>...>();
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check_pair < X, A, open[0] || open[I + 1] > (x, args), ...);
  }(indices<A...>{});
}

/// A point that is set back before each sweep, if Fn may write to it.
template <class Fn, class X, class... A> class repeated_point {
public:
  static constexpr bool changes = may_write<Fn, X, value_of<A>...>()[0];

  explicit repeated_point(X &x, A &...args)
      : before(x, argument<A>::primal(args)...) {}
  void restore(X &x, A &...args) const {
    before.restore(x, argument<A>::primal(args)...);
  }
  /// Before the sweep that starts with number `first`.
  void prepare(std::size_t first, X &x, A &...args) const {
    if (first)
      restore(x, args...);
  }

private:
  start<Fn, X, value_of<A>...> before;
};

/// Columns of the Jacobian of the wrapper W, whose result is shaped like `out`.
template <class W, std::size_t Lanes, class Fn, class R, class X, class... A>
matrix columns_of(const Fn &fn, R &out, X &x, A &...args) {
  using watch = point_watch<Fn, X, A...>;
  using point = repeated_point<Fn, X, A...>;
  point start(x, args...);
  std::optional<lane_set<R, Lanes, watch::may_grow>> results(out);
  std::optional<lane_set<std::remove_const_t<X>, Lanes, watch::may_grow>>
      tangents(x);
  matrix jacobian(results->size(), tangents->size());
  for (std::size_t first = 0; first < jacobian.columns; first += Lanes) {
    start.prepare(first, x, args...);
    if (point::changes && first) { // so may their shape, nodes in a map say
      results.emplace(out);
      tangents.emplace(x);
    }
    R now = out;
    watch places(x);
    tangents->set_units(first);
    push_lanes<W, Lanes>(fn, now, results->operand(), x, tangents->operand(),
                         args...);
    places.check();
    for (std::size_t lane = 0; lane != Lanes && first + lane < jacobian.columns;
         ++lane)
      for (std::size_t i = 0; i != jacobian.rows; ++i)
        jacobian(i, first + lane) = results->get(lane, i);
  }
  return jacobian;
}

/// Columns per sweep unless told: eight, or as many as a small object can have.
template <class X> constexpr std::size_t columns_at_once() {
  constexpr std::size_t room = sizeof(X) / sizeof(double), most = 8;
  if (!std::is_trivially_copyable_v<X> || room > most)
    return most;
  return room ? room : 1;
}

/// The shape of the result at a point that has to keep its own.
template <class R, class Fn, class X, class... A>
R shape_at_point(const Fn &fn, X &x, A &...args) {
  if constexpr (std::is_trivially_copyable_v<R> &&
                std::is_default_constructible_v<R>) {
    return R{};
  } else {
    repeated_point<Fn, X, A...> start(x, args...);
    point_watch<Fn, X, A...> places(x);
    R shape = fn(x, argument<A>::primal(args)...);
    places.check();
    start.restore(x, args...);
    return shape;
  }
}

template <std::size_t Told, class Fn, class X, class... A>
matrix run_jacfwd(const Fn &fn, X &x, A &...args) {
  if constexpr (!check_call<Fn, X, value_of<A>...>()) {
    return {};
  } else {
    check_point<X>();
    check_point_apart<Fn>(x, args...);
    constexpr std::size_t Lanes =
        Told ? Told : columns_at_once<std::remove_const_t<X>>();
    using W = primal_at<Fn, X, value_of<A>...>;
    auto out = shape_at_point<typename W::result>(fn, x, args...);
    return columns_of<W, Lanes>(fn, out, x, args...);
  }
}

template <std::size_t Lanes, class Fn, class X, class... A>
matrix run_jacrev(const Fn &fn, X &x, A &...args) {
  if constexpr (!check_call<Fn, X, value_of<A>...>()) {
    return {};
  } else {
    check_point<X>();
    check_point_apart<Fn>(x, args...);
    using W = primal_at<Fn, X, value_of<A>...>;
    using R = typename W::result;
    using watch = point_watch<Fn, X, A...>;
    using point = repeated_point<Fn, X, A...>;
    R out = shape_at_point<R>(fn, x, args...);
    point start(x, args...);
    lane_set<R, Lanes> adjoints(out);
    std::optional<lane_set<std::remove_const_t<X>, Lanes, watch::may_grow>>
        gradients(x);
    matrix jacobian(adjoints.size(), gradients->size());
    for (std::size_t first = 0; first < jacobian.rows; first += Lanes) {
      start.prepare(first, x, args...);
      if (point::changes && first)
        gradients.emplace(x);
      watch places(x);
      adjoints.set_units(first);
      gradients->clear();
      pull_lanes<W, Lanes>(fn, out, adjoints.operand(), x, gradients->operand(),
                           args...);
      places.check();
      for (std::size_t lane = 0; lane != Lanes && first + lane < jacobian.rows;
           ++lane)
        for (std::size_t j = 0; j != jacobian.columns; ++j)
          jacobian(first + lane, j) = gradients->get(lane, j);
    }
    return jacobian;
  }
}

template <std::size_t Lanes, class Fn, class X, class... A>
matrix run_hessian(const Fn &fn, X &x, A &...args) {
  if constexpr (!check_call<Fn, X, value_of<A>...>()) {
    return {};
  } else {
    check_point<X>();
    check_point_apart<Fn>(x, args...);
    using W = gradient_at<Fn, X, value_of<A>...>;
    auto out =
        shadow_like<point_watch<Fn, X, A...>::may_grow, typename W::result>(x);
    return columns_of<W, Lanes>(fn, out, x, args...);
  }
}

template <class Fn, class X, class T, class... A>
auto run_hvp(const Fn &fn, X &x, const T &v, A &...args) {
  if constexpr (check_call<Fn, X, value_of<A>...>()) {
    check_point<X>();
    check_point_apart<Fn>(x, args...);
    using result = std::remove_const_t<X>;
    using watch = point_watch<Fn, X, A...>;
    result tangent = v, out = shadow_like<watch::may_grow>(x), product = out;
    stop_unless_shaped<result>(tangent, x);
    if constexpr (watch::may_grow) {
      give_room(tangent, x);
      give_room(product, x);
    }
    watch places(x);
    const void *products[] = {&product}, *tangents[] = {&tangent};
    push_lanes<gradient_at<Fn, X, value_of<A>...>, 1>(fn, out, products, x,
                                                      tangents, args...);
    places.check();
    return product;
  }
}

} // namespace detail

/// The Jacobian by columns, in forward mode: n/Lanes sweeps for n numbers in x,
/// where Lanes is 8 at most unless told. Numbers are counted in the order of
/// members and elements.
template <auto F, std::size_t Lanes = 0, class X, class... A>
matrix jacfwd(X &&x, A &&...args) {
  return detail::run_jacfwd<Lanes>(detail::fixed<F>{}, x, args...);
}
template <std::size_t Lanes = 0, class Fn> auto jacfwd(Fn fn) {
  return
      [fn](auto &&...args) { return detail::run_jacfwd<Lanes>(fn, args...); };
}

/// The Jacobian by rows, in reverse mode: m/Lanes sweeps for m results.
template <auto F, std::size_t Lanes = 4, class X, class... A>
matrix jacrev(X &&x, A &&...args) {
  return detail::run_jacrev<Lanes>(detail::fixed<F>{}, x, args...);
}
template <std::size_t Lanes = 4, class Fn> auto jacrev(Fn fn) {
  return
      [fn](auto &&...args) { return detail::run_jacrev<Lanes>(fn, args...); };
}

/// The matrix of second derivatives of a function that returns one number, in
/// forward over reverse mode: n/Lanes sweeps, each about Lanes + 2 gradients.
/// Both triangles are computed.
template <auto F, std::size_t Lanes = 4, class X, class... A>
matrix hessian(X &&x, A &&...args) {
  return detail::run_hessian<Lanes>(detail::fixed<F>{}, x, args...);
}
template <std::size_t Lanes = 4, class Fn> auto hessian(Fn fn) {
  return
      [fn](auto &&...args) { return detail::run_hessian<Lanes>(fn, args...); };
}

/// The Hessian times a vector v shaped like x, without forming the Hessian:
/// about the cost of two or three gradients. B. Pearlmutter, Fast exact
/// multiplication by the Hessian, Neural Computation 6 (1994).
template <auto F, class X, class T, class... A>
auto hvp(X &&x, const T &v, A &&...args) {
  return detail::run_hvp(detail::fixed<F>{}, x, v, args...);
}
template <class Fn> auto hvp(Fn fn) {
  return [fn](auto &&x, const auto &v, auto &&...args) {
    return detail::run_hvp(fn, x, v, args...);
  };
}

} // namespace tern
#include "macros_on.hpp"
#endif
