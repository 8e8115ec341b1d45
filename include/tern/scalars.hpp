// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The floating-point numbers in a value: what zeros_like zeroes, what a
// Jacobian runs over, what check_grads perturbs.
//
// A value owns the numbers that copying it copies: those of scalars, arrays,
// std::array, std::vector and other containers, pairs, tuples and plain structs
// (at most 24 members), nested at will. Pointers, std::span and other views do
// not own what they show and are not followed. A struct with a base class, a
// reference, a bit-field or a constant number is not plain: its members can't
// be listed, or not be zeroed in a copy.
//
// A class with begin and end may own what it shows, show what others own, or
// hold more numbers besides: of those that the standard library doesn't define
// only their author knows, and says so with is_owner.
//
//   struct field : std::vector<double> { double dx; };   refused
//   std::vector<double>                                  owns its elements
#ifndef TERN_SCALARS_HPP
#define TERN_SCALARS_HPP
#include "macros_off.hpp"
#include "members.hpp"
#include <complex>
#include <ranges>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace tern {

/// Whether a class with begin and end owns its elements and no other numbers,
/// so that a copy of it is deep. True of the standard library's containers; to
/// be said of others:
///
///   template <> inline constexpr bool tern::is_owner<row> = true;
template <class T> inline constexpr bool is_owner = false;

namespace detail {

template <class T>
concept scalar_like = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                      std::is_pointer_v<T> || std::is_null_pointer_v<T>;

/// "std::vector" for std::vector<double>, whatever inline namespace it is in;
/// empty for classes outside std.
template <class T> constexpr std::string_view name_in_std() {
  std::string_view name = __PRETTY_FUNCTION__;
  constexpr std::string_view before = " = ";
  name.remove_prefix(name.find(before) + before.size());
  name = name.substr(0, name.find_first_of("<;]"));
  return name.starts_with("std::") ? name : std::string_view();
}

/// A class template of the standard library, of which the last word is `word`.
template <class T> constexpr bool is_named_in_std(std::string_view word) {
  std::string_view name = name_in_std<T>();
  return name.size() > word.size() && name.ends_with(word) &&
         name[name.size() - word.size() - 1] == ':';
}

template <class T> constexpr bool owns_its_elements() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_array_v<U> || is_owner<U>)
    return true;
  else
    return !name_in_std<U>().empty() && !is_named_in_std<U>("initializer_list");
}

/// A class that shows elements, its own or others'.
template <class T>
concept range_class = std::is_class_v<T> && std::ranges::input_range<T &>;

/// A range that owns its elements.
template <class T>
concept container =
    std::ranges::input_range<T &> && !std::ranges::view<std::remove_cv_t<T>> &&
    owns_its_elements<T>();

/// A container whose copy is laid out otherwise than the original, depending on
/// how that came about: what is found beside an element of the one is not
/// beside that of the other.
template <class T>
concept irregular =
    container<T> && is_named_in_std<std::remove_cv_t<T>>("deque");

/// The elements of a tuple or pair, as members.
template <class T, std::size_t... I>
member_list<std::tuple_element_t<I, T>...>
    list_elements(std::index_sequence<I...>);
template <class T>
using elements_of = decltype(list_elements<T>(
    std::make_index_sequence<std::tuple_size_v<T>>{}));

template <class... M> constexpr bool owns_elements(member_list<M...>) {
  return (!std::is_reference_v<M> && ...);
}

/// A pair, tuple or the like that owns its elements.
template <class T>
concept tuple_like =
    !std::is_array_v<T> && !container<T> &&
    !name_in_std<std::remove_cv_t<T>>().empty() &&
    requires { std::tuple_size<T>::value; } && owns_elements(elements_of<T>{});

template <class T> struct is_complex : std::false_type {};
template <class T> struct is_complex<std::complex<T>> : std::true_type {};

/// References, bit-fields and constant numbers have no place in a shadow.
template <class M> constexpr bool is_plain_member() {
  using U = std::remove_cv_t<std::remove_all_extents_t<M>>;
  constexpr bool is_number =
      std::is_floating_point_v<U> || is_complex<U>::value;
  return !std::is_reference_v<M> && !std::is_same_v<M, bit_field> &&
         !(is_number && std::is_const_v<std::remove_all_extents_t<M>>);
}

/// Whether the members of an aggregate can be listed, and copied to a shadow.
/// (One with too many is told so when they are visited.)
template <class T> constexpr bool is_transparent() {
  if constexpr (has_base<T> || member_count<T> == 0)
    return false;
  else if constexpr (member_count<T> > most_members)
    return true;
  else
    return []<class... M>(member_list<M...>) {
      // A destructor of its own releases what a copy would share.
      constexpr bool cleans_up = !std::is_trivially_destructible_v<T> &&
                                 (std::is_trivially_destructible_v<M> && ...);
      return !cleans_up && (is_plain_member<M>() && ...);
    }(members_of<T>{});
}

/// A class whose members can be listed.
template <class T>
concept plain_struct = std::is_class_v<T> && std::is_aggregate_v<T> &&
                       !std::is_empty_v<T> && is_transparent<T>();

enum class owns { numbers, nothing, unknown };

/// What a value of type T owns. `Around`: the structs that it is a member of,
/// which a tree's node may be of itself.
template <class T, class... Around> constexpr owns ownership();

constexpr owns join(owns a, owns b) {
  if (a == owns::numbers || b == owns::numbers)
    return owns::numbers;
  return a == owns::unknown || b == owns::unknown ? owns::unknown
                                                  : owns::nothing;
}

template <class... Around, class... M>
constexpr owns members_ownership(member_list<M...>) {
  owns all = owns::nothing;
  ((all = join(all, ownership<M, Around...>())), ...);
  return all;
}

template <class T, class... Around> constexpr owns ownership() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_reference_v<T>)
    return owns::unknown;
  else if constexpr (std::is_floating_point_v<U> || is_complex<U>::value)
    return owns::numbers;
  else if constexpr (scalar_like<U> || std::is_function_v<U> ||
                     std::ranges::view<U> || std::is_empty_v<U>)
    return owns::nothing;
  else if constexpr (std::is_array_v<U>)
    return ownership<std::remove_all_extents_t<U>, Around...>();
  else if constexpr (container<U>) {
    constexpr owns elements =
        ownership<std::ranges::range_value_t<U>, Around...>();
    return irregular<U> && elements == owns::numbers ? owns::unknown : elements;
  } else if constexpr (tuple_like<U>)
    return members_ownership<Around...>(elements_of<U>{});
  else if constexpr ((std::is_same_v<U, Around> || ...))
    return owns::nothing; // what its other members own
  else if constexpr (!plain_struct<U>)
    return owns::unknown;
  else if constexpr (member_count<U> > most_members)
    return owns::numbers;
  else
    return members_ownership<Around..., U>(members_of<U>{});
}

/// Whether a T is or holds an irregular container of numbers.
template <class T, class... Around> constexpr bool holds_irregular();

template <class... Around, class... M>
constexpr bool members_hold_irregular(member_list<M...>) {
  return (holds_irregular<M, Around...>() || ...);
}

template <class T, class... Around> constexpr bool holds_irregular() {
  using U = std::remove_cvref_t<T>;
  if constexpr (std::is_array_v<U>)
    return holds_irregular<std::remove_all_extents_t<U>, Around...>();
  else if constexpr (container<U>)
    return (irregular<U> && ownership<U>() == owns::unknown) ||
           holds_irregular<std::ranges::range_value_t<U>, Around...>();
  else if constexpr (tuple_like<U>)
    return members_hold_irregular<Around...>(elements_of<U>{});
  else if constexpr ((std::is_same_v<U, Around> || ...) || !plain_struct<U>)
    return false;
  else if constexpr (member_count<U> > most_members)
    return false;
  else
    return members_hold_irregular<Around..., U>(members_of<U>{});
}

/// What zeros_like and all that need a shadow can do with a class: one message
/// for each reason. (An unknown member of a struct that owns numbers is found
/// when it is visited.)
template <class T> constexpr void check_transparent() {
  using U = std::remove_cv_t<T>;
  constexpr bool is_known = ownership<U>() != owns::unknown;
  if constexpr (!is_known && !irregular<U> && container<U>) {
    check_transparent<std::ranges::range_value_t<U>>();
  } else {
    static_assert(is_known || !irregular<U>,
                  "a copy of a std::deque is laid out otherwise than the "
                  "original, and cannot be its shadow: use std::vector, or "
                  "pass tern::Const{object}");
    static_assert(is_known || !range_class<U> || irregular<U>,
                  "tern can't tell whether this class owns what begin() and "
                  "end() show: if it does, and holds no other numbers, "
                  "specialize tern::is_owner; else pass "
                  "tern::Duplicated{object, shadow} or tern::Const{object}");
    static_assert(is_known || range_class<U>,
                  "tern can't see into this class: pass "
                  "tern::Duplicated{object, shadow} or tern::Const{object}");
  }
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
  } else if constexpr (ownership<U>() == owns::unknown) {
    check_transparent<U>();
  } else if constexpr (std::is_array_v<U> || container<U>) {
    for (auto &element : object)
      for_scalars(element, visit);
  } else if constexpr (tuple_like<U>) {
    std::apply([&](auto &...element) { (for_scalars(element, visit), ...); },
               object);
  } else {
    for_members(object,
                [&](auto &...member) { (for_scalars(member, visit), ...); });
  }
}

template <class T> std::size_t count_scalars(const T &object) {
  std::size_t count = 0;
  for_scalars(object, [&](const auto &) { ++count; });
  return count;
}

/// Sets every number that `object` owns to zero.
template <class T> void set_zero(T &object) {
  for_scalars(object, []<class N>(N &number) {
    static_assert(!std::is_const_v<N>,
                  "tern can't zero constant numbers: pass Duplicated{object, "
                  "shadow} or Const{object}");
    if constexpr (!std::is_const_v<N>)
      number = 0;
  });
}

} // namespace detail

/// A shadow for `object`: a copy in which every floating-point number is zero.
/// Sizes, integers and strings are the copy's; containers are copied deeply.
/// Pointers and views still show the original memory; as a shadow that equals
/// its primal they carry no derivative. Give such an object a shadow by hand
/// where they should.
template <class T> [[nodiscard]] T zeros_like(const T &object) {
  T shadow = object;
  detail::set_zero(shadow);
  return shadow;
}

} // namespace tern
#include "macros_on.hpp"
#endif
