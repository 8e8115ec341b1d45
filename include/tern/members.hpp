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
#ifndef TERN_MEMBERS_HPP
#define TERN_MEMBERS_HPP
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

/// Calls visit(member...) with references to all members.
template <class T, class Visit>
constexpr void for_members(T &object, Visit &&visit) {
  constexpr std::size_t count = member_count<std::remove_const_t<T>>;
  static_assert(count <= most_members,
                "tern looks into structs of at most 24 members: group some, or "
                "pass Duplicated{object, shadow}");
  if constexpr (count == 1) {
    auto &[m1] = object;
    visit(m1);
  } else if constexpr (count == 2) {
    auto &[m1, m2] = object;
    visit(m1, m2);
  } else if constexpr (count == 3) {
    auto &[m1, m2, m3] = object;
    visit(m1, m2, m3);
  } else if constexpr (count == 4) {
    auto &[m1, m2, m3, m4] = object;
    visit(m1, m2, m3, m4);
  } else if constexpr (count == 5) {
    auto &[m1, m2, m3, m4, m5] = object;
    visit(m1, m2, m3, m4, m5);
  } else if constexpr (count == 6) {
    auto &[m1, m2, m3, m4, m5, m6] = object;
    visit(m1, m2, m3, m4, m5, m6);
  } else if constexpr (count == 7) {
    auto &[m1, m2, m3, m4, m5, m6, m7] = object;
    visit(m1, m2, m3, m4, m5, m6, m7);
  } else if constexpr (count == 8) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8);
  } else if constexpr (count == 9) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9);
  } else if constexpr (count == 10) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10);
  } else if constexpr (count == 11) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11);
  } else if constexpr (count == 12) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12);
  } else if constexpr (count == 13) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13);
  } else if constexpr (count == 14) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] =
        object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14);
  } else if constexpr (count == 15) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] =
        object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15);
  } else if constexpr (count == 16) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
          m16);
  } else if constexpr (count == 17) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17);
  } else if constexpr (count == 18) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18);
  } else if constexpr (count == 19) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19);
  } else if constexpr (count == 20) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19, m20] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19, m20);
  } else if constexpr (count == 21) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19, m20, m21] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19, m20, m21);
  } else if constexpr (count == 22) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19, m20, m21, m22] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19, m20, m21, m22);
  } else if constexpr (count == 23) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19, m20, m21, m22, m23] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19, m20, m21, m22, m23);
  } else if constexpr (count == 24) {
    auto &[m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,
           m16, m17, m18, m19, m20, m21, m22, m23, m24] = object;
    visit(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
          m17, m18, m19, m20, m21, m22, m23, m24);
  }
}

} // namespace tern::detail
#endif
