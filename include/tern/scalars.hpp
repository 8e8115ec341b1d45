// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The floating-point numbers in a value: what zeros_like zeroes, what a
// Jacobian runs over, what check_grads perturbs.
//
// A value owns the numbers that copying it copies: those of scalars, arrays,
// std::array, std::vector and other containers, pairs, tuples and plain structs
// (at most 24 members), nested at will. Pointers, references, std::span and
// other views do not own what they show and are not followed.
#ifndef TERN_SCALARS_HPP
#define TERN_SCALARS_HPP
#include "members.hpp"
#include <complex>
#include <ranges>
#include <tuple>
#include <type_traits>

namespace tern {
namespace detail {

template <class T>
concept scalar_like = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                      std::is_pointer_v<T> || std::is_null_pointer_v<T>;

/// A range that owns its elements.
template <class T>
concept container =
    std::ranges::input_range<T &> && !std::ranges::view<std::remove_cv_t<T>>;

template <class T>
concept tuple_like = !std::is_array_v<T> && !container<T> &&
                     requires { std::tuple_size<T>::value; };

template <class T> struct is_complex : std::false_type {};
template <class T> struct is_complex<std::complex<T>> : std::true_type {};

/// A class whose members can be listed.
template <class T>
concept plain_struct =
    std::is_class_v<T> && std::is_aggregate_v<T> && !std::is_empty_v<T>;

enum class owns { numbers, nothing, unknown };

template <class T> constexpr owns ownership();

constexpr owns join(owns a, owns b) {
  if (a == owns::numbers || b == owns::numbers)
    return owns::numbers;
  return a == owns::unknown || b == owns::unknown ? owns::unknown
                                                  : owns::nothing;
}

template <class T> constexpr owns tuple_ownership() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    owns all = owns::nothing;
    ((all = join(all, ownership<std::tuple_element_t<I, T>>())), ...);
    return all;
  }(std::make_index_sequence<std::tuple_size_v<T>>{});
}

/// What a value of type T owns.
template <class T> constexpr owns ownership() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_floating_point_v<U> || is_complex<U>::value)
    return owns::numbers;
  else if constexpr (scalar_like<U> || std::is_function_v<U> ||
                     std::ranges::view<U> || std::is_empty_v<U>)
    return owns::nothing;
  else if constexpr (std::is_array_v<U>)
    return ownership<std::remove_all_extents_t<U>>();
  else if constexpr (container<U>)
    return ownership<std::ranges::range_value_t<U>>();
  else if constexpr (tuple_like<U>)
    return tuple_ownership<U>();
  else if constexpr (plain_struct<U>)
    return owns::numbers; // its members decide when they are visited
  else
    return owns::unknown;
}

/// Calls visit(number) for every floating-point number that `object` owns, in
/// the order of its members and elements.
template <class T, class Visit>
constexpr void for_scalars(T &object, Visit &&visit) {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_floating_point_v<U>) {
    visit(object);
  } else if constexpr (is_complex<U>::value) {
    auto &parts = reinterpret_cast<typename U::value_type(&)[2]>(object);
    visit(parts[0]);
    visit(parts[1]);
  } else if constexpr (ownership<U>() == owns::nothing) {
  } else if constexpr (std::is_array_v<U> || container<U>) {
    for (auto &element : object)
      for_scalars(element, visit);
  } else if constexpr (tuple_like<U>) {
    std::apply([&](auto &...element) { (for_scalars(element, visit), ...); },
               object);
  } else if constexpr (plain_struct<U>) {
    for_members(object,
                [&](auto &...member) { (for_scalars(member, visit), ...); });
  } else {
    static_assert(plain_struct<U>,
                  "tern can't see into this class: pass Duplicated{object, "
                  "shadow} or Const{object}");
  }
}

template <class T> std::size_t count_scalars(const T &object) {
  std::size_t count = 0;
  for_scalars(object, [&](const auto &) { ++count; });
  return count;
}

/// Sets every number that `object` owns to zero.
template <class T> void set_zero(T &object) {
  for_scalars(object, [](auto &number) { number = 0; });
}

} // namespace detail

/// A shadow for `object`: a copy in which every floating-point number is zero.
/// Sizes, integers and strings are the copy's; containers are copied deeply.
/// Pointers and views still show the original memory, as a shadow that equals
/// its primal they carry no derivative; give such an object a shadow by hand.
template <class T> [[nodiscard]] T zeros_like(const T &object) {
  T shadow = object;
  detail::set_zero(shadow);
  return shadow;
}

} // namespace tern
#endif
