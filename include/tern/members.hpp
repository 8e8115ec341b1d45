// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The members of a plain struct, without reflection.
//
// C++20 can't list a struct's members, but structured bindings can name them
// once their number is known, and the number follows from how many initializers
// the struct takes. A member that is a C array takes as many initializers as it
// has elements (its braces may be left out); those are counted as one.
//
//   struct model { int n; double w[3]; };   member_count<model> == 2
//   for_members(m, [](auto &...member) { ... });
//   members_of<model>   is member_list<int, double[3]>
#ifndef TERN_MEMBERS_HPP
#define TERN_MEMBERS_HPP
#include "macros_off.hpp"
#include <cstddef>
#include <type_traits>
#include <utility>

namespace tern::detail {

/// Stands for any initializer.
struct anything {
  template <class T> constexpr operator T &() const noexcept;
  template <class T> constexpr operator T &&() const noexcept;
};
template <std::size_t> using any_at = anything;

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{any_at<I>{}...}; };
}
/// Whether T can be initialized from Before values, a braced list of Inside,
/// and After more.
template <class T, std::size_t... B, std::size_t... I, std::size_t... A>
constexpr bool takes_nested(std::index_sequence<B...>,
                            std::index_sequence<I...>,
                            std::index_sequence<A...>) {
  return requires { T{any_at<B>{}..., {any_at<I>{}...}, any_at<A>{}...}; };
}

template <std::size_t N> using first = std::make_index_sequence<N>;

/// The most initializers that T takes, up to 64.
template <class T, std::size_t N = 64> constexpr std::size_t initializers() {
  if constexpr (N == 0 || takes<T>(first<N>{}))
    return N;
  else
    return initializers<T, N - 1>();
}

/// How many of the Total initializers belong to the member that starts at At.
template <class T, std::size_t Total, std::size_t At, std::size_t Size>
constexpr std::size_t array_extent() {
  if constexpr (Size <= 1)
    return 1;
  else if constexpr (takes_nested<T>(first<At>{}, first<Size>{},
                                     first<Total - At - Size>{}) &&
                     !takes_nested<T>(first<At>{}, first<Size>{},
                                      first<Total - At - Size + 1>{}))
    return Size;
  else
    return array_extent<T, Total, At, Size - 1>();
}

template <class T, std::size_t Total, std::size_t At = 0>
constexpr std::size_t members_from() {
  if constexpr (At >= Total)
    return 0;
  else
    return 1 + members_from<T, Total,
                            At + array_extent<T, Total, At, Total - At>()>();
}

/// The number of members of the plain struct T.
template <class T>
inline constexpr std::size_t member_count =
    members_from<T, initializers<T>()>();

inline constexpr std::size_t most_members = 24;

/// Whether T has a base class: the base is what is initialized first, and only
/// that can be made from something that turns into bases of T alone.
template <class T> struct any_base {
  template <class B>
    requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
  constexpr operator B() const noexcept;
};
template <class T>
inline constexpr bool has_base = requires { T{any_base<T>{}}; };

/// The types of the members as they are declared.
template <class... M> struct member_list {};
/// Stands for the type of a bit-field.
struct bit_field {};

// TERN_MEMBERS_n(X) is X(m1), X(m2), ..., X(mn).
#define TERN_MEMBERS_1(X) X(m1)
#define TERN_MEMBERS_2(X) TERN_MEMBERS_1(X), X(m2)
#define TERN_MEMBERS_3(X) TERN_MEMBERS_2(X), X(m3)
#define TERN_MEMBERS_4(X) TERN_MEMBERS_3(X), X(m4)
#define TERN_MEMBERS_5(X) TERN_MEMBERS_4(X), X(m5)
#define TERN_MEMBERS_6(X) TERN_MEMBERS_5(X), X(m6)
#define TERN_MEMBERS_7(X) TERN_MEMBERS_6(X), X(m7)
#define TERN_MEMBERS_8(X) TERN_MEMBERS_7(X), X(m8)
#define TERN_MEMBERS_9(X) TERN_MEMBERS_8(X), X(m9)
#define TERN_MEMBERS_10(X) TERN_MEMBERS_9(X), X(m10)
#define TERN_MEMBERS_11(X) TERN_MEMBERS_10(X), X(m11)
#define TERN_MEMBERS_12(X) TERN_MEMBERS_11(X), X(m12)
#define TERN_MEMBERS_13(X) TERN_MEMBERS_12(X), X(m13)
#define TERN_MEMBERS_14(X) TERN_MEMBERS_13(X), X(m14)
#define TERN_MEMBERS_15(X) TERN_MEMBERS_14(X), X(m15)
#define TERN_MEMBERS_16(X) TERN_MEMBERS_15(X), X(m16)
#define TERN_MEMBERS_17(X) TERN_MEMBERS_16(X), X(m17)
#define TERN_MEMBERS_18(X) TERN_MEMBERS_17(X), X(m18)
#define TERN_MEMBERS_19(X) TERN_MEMBERS_18(X), X(m19)
#define TERN_MEMBERS_20(X) TERN_MEMBERS_19(X), X(m20)
#define TERN_MEMBERS_21(X) TERN_MEMBERS_20(X), X(m21)
#define TERN_MEMBERS_22(X) TERN_MEMBERS_21(X), X(m22)
#define TERN_MEMBERS_23(X) TERN_MEMBERS_22(X), X(m23)
#define TERN_MEMBERS_24(X) TERN_MEMBERS_23(X), X(m24)
#define TERN_MEMBER(m) m
#define TERN_TYPE(m)                                                           \
  std::conditional_t<requires { &m; }, decltype(m), bit_field>

#define TERN_SPLIT_ALL                                                         \
  TERN_SPLIT(1)                                                                \
  TERN_SPLIT(2)                                                                \
  TERN_SPLIT(3)                                                                \
  TERN_SPLIT(4)                                                                \
  TERN_SPLIT(5)                                                                \
  TERN_SPLIT(6)                                                                \
  TERN_SPLIT(7)                                                                \
  TERN_SPLIT(8)                                                                \
  TERN_SPLIT(9)                                                                \
  TERN_SPLIT(10)                                                               \
  TERN_SPLIT(11)                                                               \
  TERN_SPLIT(12)                                                               \
  TERN_SPLIT(13)                                                               \
  TERN_SPLIT(14)                                                               \
  TERN_SPLIT(15)                                                               \
  TERN_SPLIT(16)                                                               \
  TERN_SPLIT(17)                                                               \
  TERN_SPLIT(18)                                                               \
  TERN_SPLIT(19)                                                               \
  TERN_SPLIT(20)                                                               \
  TERN_SPLIT(21)                                                               \
  TERN_SPLIT(22)                                                               \
  TERN_SPLIT(23)                                                               \
  TERN_SPLIT(24)

/// Only its result type is of use.
template <class T> constexpr auto list_members(T &object) {
  constexpr std::size_t count = member_count<T>;
#define TERN_SPLIT(n)                                                          \
  if constexpr (count == n) {                                                  \
    [[maybe_unused]] auto &[TERN_MEMBERS_##n(TERN_MEMBER)] = object;           \
    return member_list<TERN_MEMBERS_##n(TERN_TYPE)>{};                         \
  }
  TERN_SPLIT_ALL
#undef TERN_SPLIT
}

template <class T>
using members_of = decltype(list_members(std::declval<T &>()));

template <bool... Any> inline constexpr bool any_of = (Any || ...);
#define TERN_MUTABLE(m) !std::is_const_v<std::remove_reference_t<decltype((m))>>

/// Only its result type is of use.
template <class T> constexpr auto find_mutable(const T &object) {
  constexpr std::size_t count = member_count<T>;
#define TERN_SPLIT(n)                                                          \
  if constexpr (count == n) {                                                  \
    [[maybe_unused]] auto &[TERN_MEMBERS_##n(TERN_MEMBER)] = object;           \
    return std::bool_constant<any_of<TERN_MEMBERS_##n(TERN_MUTABLE)>>{};       \
  }
  TERN_SPLIT_ALL
#undef TERN_SPLIT
}

/// Whether the plain struct T has a member that is declared mutable.
template <class T>
inline constexpr bool has_mutable =
    decltype(find_mutable(std::declval<const T &>()))::value;

/// Calls visit(member...) with references to all members.
template <class T, class Visit>
constexpr void for_members(T &object, Visit &&visit) {
  constexpr std::size_t count = member_count<std::remove_const_t<T>>;
  static_assert(count <= most_members,
                "tern looks into structs of at most 24 members: group some, or "
                "pass Duplicated{object, shadow}");
#define TERN_SPLIT(n)                                                          \
  if constexpr (count == n) {                                                  \
    auto &[TERN_MEMBERS_##n(TERN_MEMBER)] = object;                            \
    visit(TERN_MEMBERS_##n(TERN_MEMBER));                                      \
  }
  TERN_SPLIT_ALL
#undef TERN_SPLIT
}

#undef TERN_MEMBERS_1
#undef TERN_MEMBERS_2
#undef TERN_MEMBERS_3
#undef TERN_MEMBERS_4
#undef TERN_MEMBERS_5
#undef TERN_MEMBERS_6
#undef TERN_MEMBERS_7
#undef TERN_MEMBERS_8
#undef TERN_MEMBERS_9
#undef TERN_MEMBERS_10
#undef TERN_MEMBERS_11
#undef TERN_MEMBERS_12
#undef TERN_MEMBERS_13
#undef TERN_MEMBERS_14
#undef TERN_MEMBERS_15
#undef TERN_MEMBERS_16
#undef TERN_MEMBERS_17
#undef TERN_MEMBERS_18
#undef TERN_MEMBERS_19
#undef TERN_MEMBERS_20
#undef TERN_MEMBERS_21
#undef TERN_MEMBERS_22
#undef TERN_MEMBERS_23
#undef TERN_MEMBERS_24
#undef TERN_MEMBER
#undef TERN_MUTABLE
#undef TERN_SPLIT_ALL
#undef TERN_TYPE

} // namespace tern::detail
#include "macros_on.hpp"
#endif
