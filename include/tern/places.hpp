// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Do containers stay where they are while they are differentiated?
//
// Problem. The shadow of a std::vector has a buffer of its own. A function that
// takes the vector by reference may grow it, or swap its buffer with another's;
// in reverse mode the adjoints of the elements then are in a buffer that is
// gone, or in another argument's gradient.
//
//   double f(std::vector<double> &v) { v.push_back(v[0]); ... }
//
// Idea. Nothing at compile time tells, so the sizes and addresses of the
// containers in an argument are compared before and after, as one hash, and the
// program stops if they differ. That costs nothing where the function's
// signature says that it takes the argument by value or as const. Lists, maps
// and sets, whose elements never move, are left alone.
#ifndef TERN_PLACES_HPP
#define TERN_PLACES_HPP
#include "argument.hpp"
#include "rule.hpp"
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tern::detail {

/// A vector or the like, of numbers or what holds such.
template <class T>
concept growing =
    container<T> && std::ranges::random_access_range<T &> &&
    requires(T &object, std::size_t size) { object.resize(size); } &&
    ownership<std::ranges::range_value_t<T>>() != owns::nothing;

/// Whether T is or holds a growing container. `Around` as in ownership().
template <class T, class... Around> constexpr bool holds_growing();

template <class... Around, class... M>
constexpr bool members_hold_growing(member_list<M...>) {
  return (holds_growing<M, Around...>() || ...);
}

template <class T, class... Around> constexpr bool holds_growing() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_array_v<U>)
    return holds_growing<std::remove_all_extents_t<U>, Around...>();
  else if constexpr (ownership<U>() != owns::numbers)
    return false;
  else if constexpr (container<U>)
    return growing<U> ||
           holds_growing<std::ranges::range_value_t<U>, Around...>();
  else if constexpr (tuple_like<U>)
    return members_hold_growing<Around...>(elements_of<U>{});
  else if constexpr ((std::is_same_v<U, Around> || ...) || !plain_struct<U>)
    return false;
  else if constexpr (member_count<U> > most_members)
    return false;
  else
    return members_hold_growing<Around..., U>(members_of<U>{});
}

// --- which parameters may grow -------------------------------------------

/// A function with a parameter P leaves the size of a variable of type V alone.
template <class P, class V> constexpr bool leaves_size() {
  using given = std::remove_cvref_t<P>;
  bool is_copy = !std::is_lvalue_reference_v<P> ||
                 std::is_const_v<std::remove_reference_t<P>>;
  return is_copy && (std::is_same_v<given, std::remove_cv_t<V>> ||
                     std::ranges::view<given>);
}

template <class T>
inline constexpr bool is_open = !std::is_const_v<T> && holds_growing<T>();

/// For values of types V: whether Fn may change the size of each.
template <class Fn, class... V> constexpr auto may_grow() {
  return []<class... P>(parameter_list<P...>) {
    if constexpr (sizeof...(P) == sizeof...(V) && !(std::is_void_v<P> || ...))
      return std::array<bool, sizeof...(V)>{
          (is_open<V> && !leaves_size<P, V>())...};
    else
      return std::array<bool, sizeof...(V)>{is_open<V>...};
  }(typename function<Fn>::parameters{});
}

// --- the check -------------------------------------------------------------

template <class T> void add_places(const T &object, std::uint64_t &hash) {
  auto add = [&](std::uint64_t part) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  };
  if constexpr (!holds_growing<T>()) {
  } else if constexpr (std::is_array_v<T> || container<T>) {
    if constexpr (growing<T>) {
      add(std::size(object));
      if (!std::empty(object))
        add(reinterpret_cast<std::uintptr_t>(&*std::begin(object)));
    }
    if constexpr (holds_growing<std::ranges::range_value_t<const T>>())
      for (const auto &element : object)
        add_places(element, hash);
  } else if constexpr (tuple_like<T>) {
    std::apply([&](auto &...element) { (add_places(element, hash), ...); },
               object);
  } else {
    for_members(object,
                [&](auto &...member) { (add_places(member, hash), ...); });
  }
}

/// What changes when a container in the object gets another size or place.
template <class T> TERN_INACTIVE std::uint64_t places_of(const T &object) {
  std::uint64_t hash = 1;
  add_places(object, hash);
  return hash;
}

TERN_INACTIVE inline void stop_unless_equal(std::uint64_t a, std::uint64_t b) {
  if (a == b)
    return;
  std::fflush(stdout);
  std::fputs(
      "tern: the differentiated function changes the size of a container "
      "argument or moves its elements, and the gradient with them; let "
      "it take the container by value, or work on a local copy "
      "[tern-D05]\n",
      stderr);
  std::abort();
}

/// Watches variables of types V from its making to `check`.
template <class Fn, class... V> class watch {
  static constexpr std::array<bool, sizeof...(V)> open = may_grow<Fn, V...>();
  std::array<std::uint64_t, sizeof...(V)> before{};

  template <bool Open, class T> static std::uint64_t look(const T &value) {
    if constexpr (Open)
      return places_of(value);
    else
      return 0;
  }
  template <std::size_t... I>
  watch(std::index_sequence<I...>, const V &...values)
      : before{look<open[I]>(values)...} {}
  template <std::size_t... I>
  void check(std::index_sequence<I...>, const V &...values) const {
    (stop_unless_equal(before[I], look<open[I]>(values)), ...);
  }

public:
  explicit watch(const V &...values)
      : watch(std::index_sequence_for<V...>{}, values...) {}
  void check(const V &...values) const {
    check(std::index_sequence_for<V...>{}, values...);
  }
};

// --- room ------------------------------------------------------------------

/// Gives the containers of a shadow zeroed room where the original has some:
/// the function may use it for a while.
template <class T>
void give_room(T &shadow, const std::type_identity_t<T> &original) {
  if constexpr (!holds_growing<T>()) {
  } else if constexpr (std::is_array_v<T> || container<T>) {
    if constexpr (growing<T> && requires { shadow.capacity(); } &&
                  std::is_default_constructible_v<
                      std::ranges::range_value_t<T>>)
      if (std::size_t size = shadow.size(); original.capacity() > size) {
        shadow.resize(original.capacity());
        shadow.resize(size);
      }
    if constexpr (holds_growing<std::ranges::range_value_t<T>>() &&
                  !std::is_const_v<std::remove_reference_t<
                      std::ranges::range_reference_t<T>>>) {
      auto from = std::begin(original);
      for (auto &element : shadow)
        give_room(element, *from++);
    }
  } else if constexpr (tuple_like<T>) {
    std::apply(
        [&](auto &...s) {
          std::apply([&](const auto &...o) { (give_room(s, o), ...); },
                     original);
        },
        shadow);
  } else if constexpr (plain_struct<T>) {
    for_members(shadow, [&](auto &...s) {
      for_members(original, [&](const auto &...o) { (give_room(s, o), ...); });
    });
  }
}

// --- shape -----------------------------------------------------------------

/// Containers of equal sizes, and so on inside.
template <class T> bool same_shape(const T &a, const T &b) {
  bool same = true;
  if constexpr (ownership<T>() != owns::numbers ||
                std::is_floating_point_v<T>) {
  } else if constexpr (std::is_array_v<T> || container<T>) {
    same = std::ranges::distance(a) == std::ranges::distance(b);
    auto other = std::begin(b);
    for (auto at = std::begin(a); same && at != std::end(a); ++at, ++other)
      same = same_shape(*at, *other);
  } else if constexpr (tuple_like<T>) {
    std::apply(
        [&](auto &...m) {
          std::apply([&](auto &...o) { same = (same_shape(m, o) && ...); }, b);
        },
        a);
  } else if constexpr (plain_struct<T>) {
    for_members(a, [&](auto &...m) {
      for_members(b, [&](auto &...o) { same = (same_shape(m, o) && ...); });
    });
  }
  return same;
}

/// A seed or direction that the caller made.
template <class T> void stop_unless_shaped(const T &given, const T &like) {
  if (same_shape(given, like))
    return;
  std::fflush(stdout);
  std::fputs("tern: a seed or direction has another size than what it is for; "
             "start from zeros_like [tern-D05]\n",
             stderr);
  std::abort();
}

/// zeros_like, with room if the function may want it.
template <bool MayGrow, class T> T shadow_like(const T &object) {
  T shadow = zeros_like(object);
  if constexpr (MayGrow)
    give_room(shadow, object);
  return shadow;
}

} // namespace tern::detail
#endif
