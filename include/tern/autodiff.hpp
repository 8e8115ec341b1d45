// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Derivatives of functions: grad, value_and_grad, jvp, value_and_jvp, vjp.
//
//   double f(double x, const std::vector<double> &v);
//
//   auto [dx, dv] = tern::grad<f>(x, v);        // reverse mode
//   double t = tern::jvp<f>(tern::Dual{x, 1.0}, tern::Const{v});
//   auto [value, back] = tern::vjp<f>(x, v);    // record sweep now,
//   auto [gx, gv] = back(2.0);                  // reverse sweep when asked
//   double d = tern::grad(lambda)(x);           // function objects
//
// Arguments. Floating-point numbers, and objects that own such (scalars.hpp),
// are active when passed plainly; integers, enumerations and strings carry no
// derivative, nor do pointers to and arrays and views of these. All others are
// wrapped by the caller: he knows how much memory there is. Captures of a
// function object carry no derivative. Units: a gradient has the unit of the
// result over that of the argument.
//
// Errors. What can't be differentiated is an error of the compiler, with the
// place in the user's function. Without the plugin an executable does not link.
//
// Words follow JAX (grad, jvp, vjp) and Rust's std::autodiff (activities). For
// what reverse mode does: A. Griewank, A. Walther, Evaluating Derivatives,
// SIAM 2008, chapters 3 and 4.
#ifndef TERN_AUTODIFF_HPP
#define TERN_AUTODIFF_HPP
#include "argument.hpp"
#include "macros_off.hpp"
#include "places.hpp"
#include <memory>

namespace tern {
namespace detail {

/// The hooks. Never defined: calls of them are replaced by the plugin. The
/// function and the words have to be constants in the call itself, so that they
/// are found at -O0 too.
template <class... Operands>
void __tern_autodiff_needs_the_tern_plugin_see_README(Operands...);
template <class... Operands>
void __tern_fwddiff_needs_the_tern_plugin_see_README(Operands...);
template <class... Operands>
void __tern_augmentfwd_needs_the_tern_plugin_see_README(Operands...);
template <class... Operands>
void __tern_reverse_needs_the_tern_plugin_see_README(Operands...);

template <class... T> using indices = std::make_index_sequence<sizeof...(T)>;

struct nothing {};

template <class A> using value_of = typename argument<A>::value;
template <class Fn, class... A> using primal_of = primal<Fn, value_of<A>...>;
template <class Fn, class... A>
using result_for = result_of<Fn, value_of<A>...>;

template <class A> constexpr void check_layout() {
  static_assert(argument<A>::how != role::shadowed ||
                    !holds_irregular<value_of<A>>(),
                "a copy of a std::deque is laid out otherwise than the "
                "original, and cannot be its shadow: use std::vector, or pass "
                "tern::Const{object}");
}

template <class A> constexpr void check_reverse_argument() {
  using V = std::remove_cv_t<value_of<A>>;
  static_assert(!(argument<A>::is_plain && only_shows_numbers<V>()),
                "pass a pointer, array or view as "
                "tern::Duplicated{p, shadow} or tern::Const{p}");
  static_assert(!argument<A>::is_dual,
                "tern::Dual is for forward mode (jvp); use tern::Duplicated");
  static_assert(argument<A>::how != role::shadowed || !std::is_arithmetic_v<V>,
                "pass a number itself: its gradient is returned");
  if constexpr (argument<A>::how == role::active)
    check_transparent<V>();
  check_layout<A>();
}

template <class A> constexpr void check_forward_argument() {
  using V = std::remove_cv_t<value_of<A>>;
  constexpr bool is_open = argument<A>::how == role::active ||
                           (argument<A>::is_plain && only_shows_numbers<V>());
  static_assert(!is_open, "in forward mode pass tern::Dual{x, tangent} or "
                          "tern::Const{x}");
  static_assert(!(argument<A>::is_dual && std::is_integral_v<V>),
                "an integer has no tangent: write tern::Dual{3.0, 1.0}");
  check_layout<A>();
}

// --- gradients that the call returns -------------------------------------

template <class A>
inline constexpr bool returns_gradient = argument<A>::how == role::active;
/// Where the gradient of an argument gathers: its adjoint or its shadow.
template <class A>
using slot_of = std::conditional_t<returns_gradient<A>,
                                   std::remove_cv_t<value_of<A>>, nothing>;

/// Only what has a shadow needs to stay in its place.
template <class A>
using watched = std::conditional_t<argument<A>::how == role::constant,
                                   unwatched, value_of<A>>;
template <class Fn, class... A> using watch_for = watch<Fn, watched<A>...>;

template <class A, bool MayGrow>
slot_of<A> make_slot(std::remove_reference_t<A> &arg) {
  if constexpr (returns_gradient<A>)
    return shadow_like<MayGrow, slot_of<A>>(argument<A>::primal(arg));
  else
    return {};
}

template <class Fn, class... A, std::size_t... I>
std::tuple<slot_of<A>...> make_slots(std::index_sequence<I...>,
                                     std::remove_reference_t<A> &...args) {
  constexpr auto open = may_grow<Fn, watched<A>...>();
  return std::tuple<slot_of<A>...>{make_slot<A, open[I]>(args)...};
}

template <class T> void clear_slot(T &slot) {
  if constexpr (!std::is_same_v<T, nothing>)
    set_zero(slot);
}

/// How the wrapper's parameter for an argument is marked in reverse mode.
template <class A> constexpr role reverse_role() {
  constexpr bool is_object = !crossing<value_of<A>>::by_value;
  return returns_gradient<A> && is_object ? role::shadowed : argument<A>::how;
}

template <class A> auto reverse_operand(A &arg, slot_of<A> &slot) {
  if constexpr (returns_gradient<A>)
    return operand(&slot);
  else if constexpr (argument<A>::how == role::shadowed)
    return shadow_operand(arg);
  else
    return operand(nullptr);
}

template <class A> auto forward_operand(A &arg) {
  if constexpr (argument<A>::how == role::shadowed)
    return shadow_operand(arg);
  else
    return operand(nullptr);
}

/// One gradient as it is, several as a tuple, none as void.
template <class... A, class... S, std::size_t... I>
auto gather(std::tuple<S...> &&slots, std::index_sequence<I...>) {
  auto pick = []<class T>(T &slot) {
    if constexpr (std::is_same_v<T, nothing>)
      return std::tuple<>();
    else
      return std::tuple<T>(std::move(slot));
  };
  auto all = std::tuple_cat(pick(std::get<I>(slots))...);
  constexpr std::size_t count = std::tuple_size_v<decltype(all)>;
  if constexpr (count == 1)
    return std::get<0>(std::move(all));
  else if constexpr (count > 1)
    return all;
}

// --- the calls -------------------------------------------------------------

/// Said in every call, so that a gradient pays for it only where it must.
template <class R, class... A> consteval const char *sharing_word_for() {
  return sharing_word<(holds_views<R>() || ... || may_share_memory<A>())>();
}

template <bool Wanted> consteval const char *value_word() {
  return Wanted ? &tern_primal_into : &tern_skip;
}

/// Reverse mode in one call. `value`: where the result goes, or null.
template <bool WantsValue, class Fn, class... A, class Slots, std::size_t... I>
void call_autodiff(const Fn &fn, void *value, Slots &slots,
                   std::index_sequence<I...>, A &...args) {
  using R = result_for<Fn, A...>;
  static_assert(
      std::is_floating_point_v<R> || std::is_void_v<R>,
      "grad differentiates functions that return one floating-point "
      "number (or void, with shadows for what they write); for others "
      "see vjp, jacfwd and jacrev");
  __tern_autodiff_needs_the_tern_plugin_see_README(
      reinterpret_cast<const void *>(&primal_of<Fn, A...>::call),
      sharing_word_for<R, A...>(), value_word<WantsValue>(), operand(value),
      &tern_const, role_word<reverse_role<A>()>()..., &tern_pointee_unknown,
      pointee_word<value_of<A>>()..., operand(&fn), primal_operand(args)...,
      &tern_shadow_of_each, operand(nullptr),
      reverse_operand<A>(args, std::get<I>(slots))...);
}

/// Forward mode for results that are returned (or void).
template <bool WantsValue, class Fn, class R, class... A>
void call_fwddiff(const Fn &fn, R *value, R *tangent, A &...args) {
  __tern_fwddiff_needs_the_tern_plugin_see_README(
      reinterpret_cast<const void *>(&primal_of<Fn, A...>::call),
      sharing_word_for<R, A...>(), value_word<WantsValue>(), operand(value),
      std::is_void_v<R> ? &tern_skip : &tern_tangent_into, operand(tangent),
      &tern_const, role_word<argument<A>::how>()..., &tern_pointee_unknown,
      pointee_word<value_of<A>>()..., operand(&fn), primal_operand(args)...,
      &tern_shadow_of_each, operand(nullptr), forward_operand(args)...);
}

/// Forward mode for results that are written to memory.
template <class Fn, class R, class... A>
void call_fwddiff_into(const Fn &fn, R *value, R *tangent, A &...args) {
  __tern_fwddiff_needs_the_tern_plugin_see_README(
      reinterpret_cast<const void *>(&primal_of<Fn, A...>::call_into),
      sharing_word_for<R, A...>(), &tern_dup, &tern_const,
      role_word<argument<A>::how>()..., &tern_pointee_unknown,
      &tern_pointee_unknown, pointee_word<value_of<A>>()..., operand(value),
      operand(&fn), primal_operand(args)..., &tern_shadow_of_each,
      operand(tangent), operand(nullptr), forward_operand(args)...);
}

/// The result of fn in memory of the right shape, its numbers not yet final.
template <class R, class Fn, class... A>
R shape_of_result(const Fn &fn, A &...args) {
  if constexpr (std::is_trivially_copyable_v<R> &&
                std::is_default_constructible_v<R>)
    return R{};
  else {
    start<Fn, value_of<A>...> before{argument<A>::primal(args)...};
    R shape = fn(argument<A>::primal(args)...);
    before.restore(argument<A>::primal(args)...);
    return shape;
  }
}

/// The gradients, one slot per argument.
template <class Fn, class... A>
std::tuple<slot_of<A>...> gradient_slots(const Fn &fn, A &...args) {
  (check_reverse_argument<A>(), ...);
  check_apart<Fn>(indices<A...>{}, args...);
  auto slots = make_slots<Fn, A...>(indices<A...>{}, args...);
  watch_for<Fn, A...> places{argument<A>::primal(args)...};
  call_autodiff<false>(fn, nullptr, slots, indices<A...>{}, args...);
  places.check(argument<A>::primal(args)...);
  return slots;
}

template <class Fn, class... A> auto run_grad(const Fn &fn, A &...args) {
  if constexpr (check_call<Fn, value_of<A>...>()) {
    return gather<A...>(gradient_slots(fn, args...), indices<A...>{});
  }
}

template <class Fn, class... A>
auto run_value_and_grad(const Fn &fn, A &...args) {
  if constexpr (check_call<Fn, value_of<A>...>()) {
    (check_reverse_argument<A>(), ...);
    using R = result_for<Fn, A...>;
    static_assert(!std::is_void_v<R>, "a void function has no value: use grad");
    check_apart<Fn>(indices<A...>{}, args...);
    auto slots = make_slots<Fn, A...>(indices<A...>{}, args...);
    watch_for<Fn, A...> places{argument<A>::primal(args)...};
    R value{};
    call_autodiff<true>(fn, &value, slots, indices<A...>{}, args...);
    places.check(argument<A>::primal(args)...);
    using G = decltype(gather<A...>(std::move(slots), indices<A...>{}));
    if constexpr (std::is_void_v<G>)
      return value;
    else
      return std::pair<R, G>(value,
                             gather<A...>(std::move(slots), indices<A...>{}));
  }
}

template <class Fn, class... A>
auto run_value_and_jvp(const Fn &fn, A &...args) {
  if constexpr (check_call<Fn, value_of<A>...>()) {
    (check_forward_argument<A>(), ...);
    check_apart<Fn>(indices<A...>{}, args...);
    using R = result_for<Fn, A...>;
    if constexpr (std::is_void_v<R>) {
      call_fwddiff<false>(fn, static_cast<void *>(nullptr),
                          static_cast<void *>(nullptr), args...);
    } else if constexpr (returns_directly<R>) {
      static_assert(std::is_floating_point_v<R>,
                    "jvp differentiates functions that return floating-point "
                    "numbers");
      std::pair<R, R> both{};
      call_fwddiff<true>(fn, &both.first, &both.second, args...);
      return both;
    } else {
      R value = shape_of_result<R>(fn, args...);
      std::pair<R, R> both(value, zeros_like(value));
      call_fwddiff_into(fn, &both.first, &both.second, args...);
      return both;
    }
  }
}

template <class Fn, class... A> auto run_jvp(const Fn &fn, A &...args) {
  if constexpr (check_call<Fn, value_of<A>...>()) {
    using R = result_for<Fn, A...>;
    if constexpr (std::is_floating_point_v<R>) {
      (check_forward_argument<A>(), ...);
      check_apart<Fn>(indices<A...>{}, args...);
      R tangent{};
      call_fwddiff<false>(fn, static_cast<R *>(nullptr), &tangent, args...);
      return tangent;
    } else if constexpr (std::is_void_v<R>) {
      run_value_and_jvp(fn, args...);
    } else {
      return run_value_and_jvp(fn, args...).second;
    }
  }
}

/// How an argument outlives the call: lvalues by reference, except numbers and
/// pointers, which may change before the reverse sweep.
template <class A>
using kept = std::conditional_t<std::is_lvalue_reference_v<A> &&
                                    !scalar_like<std::remove_cvref_t<A>> &&
                                    !is_wrapper<std::remove_cvref_t<A>>::value,
                                A, std::remove_cvref_t<A>>;

} // namespace detail

/// What vjp returns beside the value: the reverse sweep, to be run as often as
/// wanted. Movable, not copyable; frees its tape when it goes.
///
/// It keeps references to arguments that were passed as variables (numbers and
/// pointers are copied). They and memory that they point to have to live, and
/// to stay as the record sweep left them, as long as it is called.
template <class Fn, class R, class... A> class pullback {
  struct state {
    alignas(16) unsigned char tape_bytes[TERN_TAPE_BYTES] = {};
    Fn fn;
    std::tuple<A...> args;
    std::tuple<detail::slot_of<A>...> slots;
    R value{}, adjoint{};

    template <class... Given>
    state(const Fn &function, Given &&...given)
        : fn(function), args(std::forward<Given>(given)...), slots(make(args)) {
    }
    state(const state &) = delete;
    ~state() { tern_tape_free(tape()); }
    tern_tape *tape() { return reinterpret_cast<tern_tape *>(tape_bytes); }

    static auto make(std::tuple<A...> &args) {
      return std::apply(
          [](auto &...arg) {
            return detail::make_slots<Fn, A...>(detail::indices<A...>{},
                                                arg...);
          },
          args);
    }
  };

public:
  /// Runs the record sweep; vjp calls this.
  template <class... Given>
  explicit pullback(const Fn &fn, Given &&...given)
      : own(std::make_unique<state>(fn, std::forward<Given>(given)...)) {
    std::apply([&](auto &...arg) { record(detail::indices<A...>{}, arg...); },
               own->args);
  }

  /// The value that the record sweep computed.
  const R &value() const { return own->value; }

  /// The adjoints of the arguments for the adjoint `seed` of the result, which
  /// has the result's shape. One gradient, or a tuple, or void; shadows passed
  /// as Duplicated are added to.
  auto operator()(const R &seed) {
    std::apply([](auto &...slot) { (detail::clear_slot(slot), ...); },
               own->slots);
    if constexpr (detail::returns_directly<R>)
      own->adjoint = seed;
    else {
      detail::stop_unless_shaped(seed, own->value);
      detail::copy_into(own->adjoint, seed);
    }
    std::apply([&](auto &...arg) { reverse(detail::indices<A...>{}, arg...); },
               own->args);
    auto slots = own->slots;
    return detail::gather<A...>(std::move(slots), detail::indices<A...>{});
  }

private:
  template <std::size_t... I>
  void record(std::index_sequence<I...>, std::remove_reference_t<A> &...args) {
    using namespace detail;
    state &s = *own;
    check_apart<Fn>(indices<A...>{}, args...);
    watch_for<Fn, A...> places{argument<A>::primal(args)...};
    if constexpr (returns_directly<R>) {
      __tern_augmentfwd_needs_the_tern_plugin_see_README(
          reinterpret_cast<const void *>(&primal_of<Fn, A...>::call),
          sharing_word_for<R, A...>(), &tern_on_tape, operand(s.tape()),
          &tern_primal_into, operand(&s.value), &tern_const,
          role_word<reverse_role<A>()>()..., &tern_pointee_unknown,
          pointee_word<value_of<A>>()..., operand(&s.fn),
          primal_operand<A>(args)..., &tern_shadow_of_each, operand(nullptr),
          reverse_operand<A>(args, std::get<I>(s.slots))...);
    } else {
      s.value = shape_of_result<R, Fn, A...>(s.fn, args...);
      s.adjoint = zeros_like(s.value);
      __tern_augmentfwd_needs_the_tern_plugin_see_README(
          reinterpret_cast<const void *>(&primal_of<Fn, A...>::call_into),
          sharing_word_for<R, A...>(), &tern_on_tape, operand(s.tape()),
          &tern_dup, &tern_const, role_word<reverse_role<A>()>()...,
          &tern_pointee_unknown, &tern_pointee_unknown,
          pointee_word<value_of<A>>()..., operand(&s.value), operand(&s.fn),
          primal_operand<A>(args)..., &tern_shadow_of_each, operand(&s.adjoint),
          operand(nullptr), reverse_operand<A>(args, std::get<I>(s.slots))...);
    }
    places.check(argument<A>::primal(args)...);
  }

  template <std::size_t... I>
  void reverse(std::index_sequence<I...>, std::remove_reference_t<A> &...args) {
    using namespace detail;
    state &s = *own;
    if constexpr (returns_directly<R>)
      __tern_reverse_needs_the_tern_plugin_see_README(
          reinterpret_cast<const void *>(&primal_of<Fn, A...>::call),
          sharing_word_for<R, A...>(), &tern_on_tape, operand(s.tape()),
          &tern_seed, operand(&s.adjoint), &tern_const,
          role_word<reverse_role<A>()>()..., &tern_pointee_unknown,
          pointee_word<value_of<A>>()..., operand(&s.fn),
          primal_operand<A>(args)..., &tern_shadow_of_each, operand(nullptr),
          reverse_operand<A>(args, std::get<I>(s.slots))...);
    else
      __tern_reverse_needs_the_tern_plugin_see_README(
          reinterpret_cast<const void *>(&primal_of<Fn, A...>::call_into),
          sharing_word_for<R, A...>(), &tern_on_tape, operand(s.tape()),
          &tern_dup, &tern_const, role_word<reverse_role<A>()>()...,
          &tern_pointee_unknown, &tern_pointee_unknown,
          pointee_word<value_of<A>>()..., operand(&s.value), operand(&s.fn),
          primal_operand<A>(args)..., &tern_shadow_of_each, operand(&s.adjoint),
          operand(nullptr), reverse_operand<A>(args, std::get<I>(s.slots))...);
  }

  std::unique_ptr<state> own;
};

namespace detail {

template <class Fn, class... A> auto run_vjp(const Fn &fn, A &&...args) {
  if constexpr (check_call<Fn, value_of<A>...>()) {
    (check_reverse_argument<A>(), ...);
    using R = result_for<Fn, A...>;
    static_assert(!std::is_void_v<R>, "vjp wants a function with a result");
    using back_type = pullback<Fn, R, kept<A>...>;
    back_type back(fn, std::forward<A>(args)...);
    R value = back.value();
    return std::pair<R, back_type>(std::move(value), std::move(back));
  }
}

} // namespace detail

/// The gradient of a function that returns one number, in reverse mode: about
/// the cost of two to four calls, however many arguments. Returns one gradient
/// per active argument, of the argument's type and shape: one alone as it is,
/// several as a tuple, none (all Const or Duplicated) as void.
///
///   auto [dx, dy] = tern::grad<f>(x, y);
///   tern::grad<h>(tern::Duplicated{p, dp}, n);    // dp[i] += d h / d p[i]
template <auto F, class... A> auto grad(A &&...args) {
  return detail::run_grad(detail::fixed<F>{}, args...);
}
/// The same for a function object: grad(lambda)(x).
template <class Fn> auto grad(Fn fn) {
  return [fn](auto &&...args) { return detail::run_grad(fn, args...); };
}

/// Value and gradient in one go: a pair, or the value alone if every gradient
/// goes to a shadow.
template <auto F, class... A> auto value_and_grad(A &&...args) {
  return detail::run_value_and_grad(detail::fixed<F>{}, args...);
}
template <class Fn> auto value_and_grad(Fn fn) {
  return
      [fn](auto &&...args) { return detail::run_value_and_grad(fn, args...); };
}

/// Forward mode: the tangent of the result, of its type, for the tangents given
/// as Dual{x, tangent}; about the cost of two calls. A void function writes
/// tangents to the shadows of what it writes. A function that returns a
/// container is called once more to learn its size.
template <auto F, class... A> auto jvp(A &&...args) {
  return detail::run_jvp(detail::fixed<F>{}, args...);
}
template <class Fn> auto jvp(Fn fn) {
  return [fn](auto &&...args) { return detail::run_jvp(fn, args...); };
}

/// Value and tangent as a pair.
template <auto F, class... A> auto value_and_jvp(A &&...args) {
  return detail::run_value_and_jvp(detail::fixed<F>{}, args...);
}
template <class Fn> auto value_and_jvp(Fn fn) {
  return
      [fn](auto &&...args) { return detail::run_value_and_jvp(fn, args...); };
}

/// Reverse mode in two steps: a pair of the value and a pullback, which maps an
/// adjoint of the result to adjoints of the arguments. A function that returns
/// a container is called once more to learn its size.
template <auto F, class... A> auto vjp(A &&...args) {
  return detail::run_vjp(detail::fixed<F>{}, std::forward<A>(args)...);
}
template <class Fn> auto vjp(Fn fn) {
  return [fn](auto &&...args) {
    return detail::run_vjp(fn, std::forward<decltype(args)>(args)...);
  };
}

} // namespace tern
#include "macros_on.hpp"
#endif
