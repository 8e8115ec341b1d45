// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What users say about arguments, and how arguments reach the plugin.
//
// Problem. The plugin sees pointers, integers and floating-point numbers. Users
// pass vectors, spans, structs and lambdas.
//
// Idea. The function that is differentiated is not the user's but a wrapper
// around it, one per combination of types, whose parameters are simple: numbers
// and pointers cross by value, every other object by its address. The optimiser
// sees through it.
//
//   double f(double, const std::vector<double> &);
//   grad<f>(x, v)   differentiates
//   static double call(const fixed<f> *fn, double x, std::vector<double> *v)
//   { return (*fn)(x, *v); }
#ifndef TERN_ARGUMENT_HPP
#define TERN_ARGUMENT_HPP
#include "macros_off.hpp"
#include "marker.h"
#include "scalars.hpp"
#include <functional>

namespace tern {

/// An argument that carries no derivative. Holds a reference to what it is
/// made from, or the value if that is a temporary.
template <class P> struct Const {
  P value;
};
template <class P> Const(P &&) -> Const<P>;

/// Reverse mode: an argument whose gradient is returned. The same as passing it
/// plainly.
template <class P> struct Active {
  P value;
};
template <class P> Active(P &&) -> Active<P>;

/// Reverse mode: an object or memory with a shadow of the same shape, to which
/// the gradient is *added*. If the function overwrites the memory, the shadow
/// holds the adjoint of what is stored, before, and zero or what flows further
/// up, after.
template <class P, class S> struct Duplicated {
  P primal;
  S shadow;
};
template <class P, class S> Duplicated(P &&, S &&) -> Duplicated<P, S>;

/// Forward mode: a value with its tangent, or an object or memory with a shadow
/// that holds tangents. Memory that the function writes gets its tangents
/// overwritten.
template <class P, class S> struct Dual {
  P primal;
  S tangent;
};
template <class P, class S> Dual(P &&, S &&) -> Dual<P, S>;

namespace detail {

enum class role { constant, active, shadowed };

/// A pointer to memory, which may hold numbers; functions hold none.
template <class T>
concept data_pointer =
    std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>;

template <class V> struct shown_by {};
template <class T> struct shown_by<T *> {
  using type = T;
};
template <class T, std::size_t N> struct shown_by<T[N]> {
  using type = std::remove_all_extents_t<T>;
};
template <class V>
  requires std::ranges::view<V> && std::ranges::range<V>
struct shown_by<V> {
  using type = std::ranges::range_value_t<V>;
};

template <class T>
inline constexpr bool is_raw_byte =
    std::is_same_v<std::remove_cv_t<T>, unsigned char> ||
    std::is_same_v<std::remove_cv_t<T>, std::byte>;

/// A pointer, array or view of memory that may hold numbers: raw bytes may,
/// characters and other integers do not.
template <class V>
concept shows_numbers =
    (data_pointer<V> || std::is_array_v<V> || std::ranges::view<V>) &&
    (is_raw_byte<typename shown_by<V>::type> ||
     !(std::is_integral_v<typename shown_by<V>::type> ||
       std::is_enum_v<typename shown_by<V>::type>));

/// Whether a copy of a T shows memory that the original shows too, as the
/// shadow that zeros_like makes does; T's members tell. What can't be seen into
/// may. `Around` as in ownership().
template <class T, class... Around> constexpr bool holds_views();

template <class... Around, class... M>
constexpr bool members_hold_views(member_list<M...>) {
  return (holds_views<M, Around...>() || ...);
}

template <class T, class... Around> constexpr bool holds_views() {
  using U = std::remove_cv_t<T>;
  if constexpr (data_pointer<U> || std::ranges::view<U>)
    return shows_numbers<U>;
  else if constexpr (scalar_like<U> || std::is_function_v<U> ||
                     std::is_void_v<U> || is_complex<U>::value)
    return false;
  else if constexpr (std::is_array_v<U>)
    return holds_views<std::remove_all_extents_t<U>, Around...>();
  else if constexpr (!requires { sizeof(U); })
    return true;
  else if constexpr (std::is_empty_v<U> || (std::is_same_v<U, Around> || ...))
    return false;
  else if constexpr (container<U>)
    return holds_views<std::ranges::range_value_t<U>, Around...>();
  else if constexpr (tuple_like<U>)
    return members_hold_views<Around...>(elements_of<U>{});
  else if constexpr (!plain_struct<U>)
    return true;
  else if constexpr (member_count<U> > most_members)
    return true;
  else
    return members_hold_views<Around..., U>(members_of<U>{});
}

/// A value that owns no numbers but shows some, itself or in its members: who
/// passes it has to say whether they carry a derivative.
template <class V> constexpr bool only_shows_numbers() {
  if constexpr (shows_numbers<V>)
    return true;
  else
    return ownership<V>() == owns::nothing && holds_views<V>();
}

/// What an argument of the API is: `value` is the type, possibly const, of the
/// lvalue that the user's function gets.
template <class A> struct argument_of {
  using value = std::remove_reference_t<A>;
  static constexpr bool is_plain = true, is_dual = false;
  static constexpr role how =
      ownership<value>() == owns::nothing ? role::constant : role::active;
  static value &primal(value &argument) { return argument; }
};

template <class P> struct argument_of<Const<P>> {
  using value = std::remove_reference_t<P>;
  static constexpr bool is_plain = false, is_dual = false;
  static constexpr role how = role::constant;
  static value &primal(const Const<P> &argument) {
    if constexpr (std::is_function_v<value>)
      return argument.value;
    else
      return const_cast<value &>(argument.value);
  }
};

template <class P> struct argument_of<Active<P>> {
  using value = std::remove_reference_t<P>;
  static constexpr bool is_plain = false, is_dual = false;
  static constexpr role how = role::active;
  static value &primal(const Active<P> &argument) {
    return const_cast<value &>(argument.value);
  }
};

template <class P, class S> struct argument_of<Duplicated<P, S>> {
  using value = std::remove_reference_t<P>;
  static constexpr bool is_plain = false, is_dual = false;
  static constexpr role how = role::shadowed;
  static value &primal(const Duplicated<P, S> &argument) {
    return const_cast<value &>(argument.primal);
  }
  static auto &shadow(const Duplicated<P, S> &argument) {
    return const_cast<std::remove_reference_t<S> &>(argument.shadow);
  }
};

template <class P, class S> struct argument_of<Dual<P, S>> {
  using value = std::remove_reference_t<P>;
  static constexpr bool is_plain = false, is_dual = true;
  static constexpr role how = role::shadowed;
  static value &primal(const Dual<P, S> &argument) {
    return const_cast<value &>(argument.primal);
  }
  static auto &shadow(const Dual<P, S> &argument) {
    return const_cast<std::remove_reference_t<S> &>(argument.tangent);
  }
};

template <class T> struct is_wrapper : std::false_type {};
template <class P> struct is_wrapper<Const<P>> : std::true_type {};
template <class P> struct is_wrapper<Active<P>> : std::true_type {};
template <class P, class S>
struct is_wrapper<Duplicated<P, S>> : std::true_type {};
template <class P, class S> struct is_wrapper<Dual<P, S>> : std::true_type {};

template <class A>
using argument = argument_of<
    std::conditional_t<is_wrapper<std::remove_cvref_t<A>>::value,
                       std::remove_cvref_t<A>, std::remove_reference_t<A>>>;

/// How a value of type V (possibly const) crosses into the wrapper.
template <class V> struct crossing {
  static constexpr bool by_value = scalar_like<std::remove_cv_t<V>>;
  using carrier = std::conditional_t<by_value, std::remove_cv_t<V>, V *>;
  static carrier carry(V &value) {
    if constexpr (by_value)
      return value;
    else
      return &value;
  }
  static V &restore(carrier &carried) {
    if constexpr (by_value)
      return carried;
    else
      return *carried;
  }
};

template <class T, std::size_t N> struct crossing<T[N]> {
  static constexpr bool by_value = true;
  using carrier = T *;
  static carrier carry(T *value) { return value; }
  static T *restore(carrier carried) { return carried; }
};

template <class A>
using carrier_of = typename crossing<typename argument<A>::value>::carrier;

/// A carrier as operand of a hook: the hook's type must not name the user's
/// types, which may be local to one file.
template <class T> constexpr auto operand(T carried) {
  if constexpr (std::is_pointer_v<T> && !data_pointer<T>)
    return reinterpret_cast<const void *>(carried);
  else if constexpr (std::is_pointer_v<T>)
    return const_cast<const void *>(
        static_cast<const volatile void *>(carried));
  else if constexpr (std::is_null_pointer_v<T>)
    return static_cast<const void *>(nullptr);
  else if constexpr (std::is_enum_v<T>)
    return static_cast<std::underlying_type_t<T>>(carried);
  else
    return carried;
}

template <class A> auto primal_operand(A &arg) {
  using value = typename argument<A>::value;
  return operand(crossing<value>::carry(argument<A>::primal(arg)));
}

/// Whether an object of type S can be the shadow of a V: the same up to const,
/// also behind a pointer or in a view.
template <class V, class S> constexpr bool can_shadow() {
  using carrier_v = typename crossing<V>::carrier;
  using carrier_s = typename crossing<S>::carrier;
  using pointee_v = std::remove_cv_t<std::remove_pointer_t<carrier_v>>;
  using pointee_s = std::remove_cv_t<std::remove_pointer_t<carrier_s>>;
  if constexpr (std::ranges::view<pointee_v> && std::ranges::view<pointee_s>)
    return sizeof(pointee_v) == sizeof(pointee_s) &&
           std::is_same_v<std::ranges::range_value_t<pointee_v>,
                          std::ranges::range_value_t<pointee_s>>;
  else
    return std::is_same_v<pointee_v, pointee_s>;
}

/// The operand in place of the shadow of an argument that brings its own.
template <class A> auto shadow_operand(A &arg) {
  using value = typename argument<A>::value;
  auto &shadow = argument<A>::shadow(arg);
  using given = std::remove_reference_t<decltype(shadow)>;
  if constexpr (std::is_arithmetic_v<std::remove_cv_t<value>>) {
    static_assert(std::is_arithmetic_v<std::remove_cv_t<given>>,
                  "the tangent of a number is a number");
    return static_cast<std::remove_cv_t<value>>(shadow);
  } else {
    static_assert(can_shadow<value, given>(),
                  "a shadow has the type of what it shadows");
    return operand(crossing<given>::carry(shadow));
  }
}

template <role How> consteval const char *role_word() {
  return How == role::constant ? &tern_const
         : How == role::active ? &tern_out
                               : &tern_dup;
}

/// Whether an argument with a shadow may hold pointers that are their own
/// shadows. Of a pointer or view that the caller gives a shadow, what it shows
/// may.
template <class A> constexpr bool may_share_memory() {
  using V = std::remove_cv_t<typename argument<A>::value>;
  if constexpr (argument<A>::how == role::constant)
    return false;
  else if constexpr (data_pointer<V> || std::is_array_v<V> ||
                     std::ranges::view<V>)
    return holds_views<typename shown_by<V>::type>();
  else
    return holds_views<V>();
}

template <bool MayShare> consteval const char *sharing_word() {
  return MayShare ? &tern_runtime_activity : &tern_distinct_shadows;
}

/// The word for what a pointer argument points to.
template <class V> consteval const char *pointee_word() {
  using pointer = typename crossing<V>::carrier;
  if constexpr (crossing<V>::by_value && std::is_pointer_v<pointer>) {
    using T = std::remove_cv_t<std::remove_pointer_t<pointer>>;
    return std::is_same_v<T, double>  ? &tern_pointee_double
           : std::is_same_v<T, float> ? &tern_pointee_float
                                      : &tern_pointee_unknown;
  }
  return &tern_pointee_unknown;
}

/// A function known at compile time as a function object.
template <auto F> struct fixed {
  template <class... A>
  constexpr auto operator()(A &&...args) const
      -> std::invoke_result_t<decltype(F), A...> {
    if constexpr (std::is_member_pointer_v<decltype(F)>)
      return std::invoke(F, std::forward<A>(args)...);
    else
      return F(std::forward<A>(args)...);
  }
};

// --- what a function takes, if that can be told
// -------------------------------

template <class... P> struct parameter_list {};
/// One that no function has.
using unknown_parameters = parameter_list<void>;

template <class F> struct signature {
  using parameters = unknown_parameters;
};
template <class R, class... P> struct signature<R (*)(P...)> {
  using parameters = parameter_list<P...>;
};
template <class R, class... P>
struct signature<R (*)(P...) noexcept> : signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct signature<R (C::*)(P...) const> : signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct signature<R (C::*)(P...) const noexcept> : signature<R (*)(P...)> {};

template <class Fn> auto parameters_in() {
  if constexpr (requires { &Fn::operator(); })
    return typename signature<decltype(&Fn::operator())>::parameters{};
  else
    return unknown_parameters{};
}
template <class Fn> struct function {
  using parameters = decltype(parameters_in<Fn>());
};
template <auto F> struct function<fixed<F>> {
  using parameters = typename signature<decltype(F)>::parameters;
};

/// P refers to a number that was passed by value: what is written there is
/// lost.
template <class P, class V>
inline constexpr bool writes_to_copy =
    crossing<V>::by_value && std::is_lvalue_reference_v<P> &&
    !std::is_const_v<std::remove_reference_t<P>> &&
    std::is_arithmetic_v<std::remove_cvref_t<P>>;

template <class Fn, class... V> constexpr bool writes_to_copies() {
  return []<class... P>(parameter_list<P...>) {
    if constexpr (sizeof...(P) == sizeof...(V) && !(std::is_void_v<P> || ...))
      return (writes_to_copy<P, V> || ...);
    else
      return false;
  }(typename function<Fn>::parameters{});
}

/// What Fn returns, without reference, for arguments of types V.
template <class Fn, class... V>
using result_of = std::remove_cvref_t<std::invoke_result_t<
    const Fn &, decltype(crossing<V>::restore(
                    std::declval<typename crossing<V>::carrier &>()))...>>;

/// Whether Fn can be called with arguments of types V; says so if not, before
/// anything else goes wrong.
template <class Fn, class... V> constexpr bool check_call() {
  constexpr bool fits = std::is_invocable_v<
      const Fn &, decltype(crossing<V>::restore(
                      std::declval<typename crossing<V>::carrier &>()))...>;
  static_assert(fits, "the function cannot be called with these arguments: "
                      "number and types have to fit, and the call operator of "
                      "a function object has to be const");
  static_assert(!writes_to_copies<Fn, V...>(),
                "a number is passed by value, and what the function writes to "
                "its reference is lost: let it return the number, or take a "
                "pointer (tern::Dual or Duplicated)");
  return fits;
}

/// A result that crosses by value. All others are written to memory that the
/// caller has shaped.
template <class R>
inline constexpr bool returns_directly =
    std::is_void_v<R> || std::is_arithmetic_v<R>;

template <class T>
inline constexpr bool plain_copy = std::is_trivially_copyable_v<T>;

/// Copies numbers into memory of the same shape, which stays where it is.
template <class T> void copy_into(T &to, const T &from) {
  if constexpr (std::is_array_v<T> || (container<T> && !plain_copy<T>)) {
    auto place = std::begin(to);
    for (const auto &element : from)
      copy_into(*place++, element);
  } else if constexpr (plain_copy<T>) {
    to = from;
  } else if constexpr (tuple_like<T>) {
    std::apply(
        [&](auto &...t) {
          std::apply([&](const auto &...f) { (copy_into(t, f), ...); }, from);
        },
        to);
  } else if constexpr (plain_struct<T>) {
    for_members(to, [&](auto &...t) {
      for_members(from, [&](const auto &...f) { (copy_into(t, f), ...); });
    });
  } else {
    static_assert(plain_struct<T>,
                  "tern differentiates functions that return numbers, arrays, "
                  "vectors, tuples or plain structs of these");
  }
}

/// The wrapper that is differentiated.
template <class Fn, class... V> struct primal {
  using result = result_of<Fn, V...>;

  static result call(const Fn *fn, typename crossing<V>::carrier... args) {
    return (*fn)(crossing<V>::restore(args)...);
  }
  static void call_into(result *out, const Fn *fn,
                        typename crossing<V>::carrier... args) {
    copy_into(*out, (*fn)(crossing<V>::restore(args)...));
  }
};

} // namespace detail
} // namespace tern
#include "macros_on.hpp"
#endif
