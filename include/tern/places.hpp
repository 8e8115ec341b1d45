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
#include "macros_off.hpp"
#include "rule.hpp"
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <tuple>

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

/// Whether a function may change a T that it takes as const: T is or holds a
/// struct with a mutable member.
template <class T, class... Around> constexpr bool holds_mutable();

template <class... Around, class... M>
constexpr bool members_hold_mutable(member_list<M...>) {
  return (holds_mutable<M, Around...>() || ...);
}

template <class T, class... Around> constexpr bool holds_mutable() {
  using U = std::remove_cvref_t<T>;
  if constexpr (std::is_array_v<U>)
    return holds_mutable<std::remove_all_extents_t<U>, Around...>();
  else if constexpr (container<U>)
    return holds_mutable<std::ranges::range_value_t<U>, Around...>();
  else if constexpr (tuple_like<U>)
    return members_hold_mutable<Around...>(elements_of<U>{});
  else if constexpr ((std::is_same_v<U, Around> || ...) || !plain_struct<U>)
    return false;
  else if constexpr (member_count<U> > most_members)
    return false;
  else
    return has_mutable<U> ||
           members_hold_mutable<Around..., U>(members_of<U>{});
}

/// The caller's variable is out of reach of a parameter P.
template <class P> inline constexpr bool is_copied = !std::is_reference_v<P>;
template <class P>
inline constexpr bool is_read_only =
    std::is_lvalue_reference_v<P> &&
    std::is_const_v<std::remove_reference_t<P>>;

/// A function with a parameter P leaves the size of a variable of type V alone.
template <class P, class V> constexpr bool leaves_size() {
  using given = std::remove_cvref_t<P>;
  bool is_safe = is_copied<P> || (is_read_only<P> && !holds_mutable<V>());
  return is_safe && (std::is_same_v<given, std::remove_cv_t<V>> ||
                     std::ranges::view<given>);
}

/// Stands for the type of a variable that nobody watches.
struct unwatched {
  template <class T> unwatched(const T &) {}
};

template <class T>
inline constexpr bool is_open =
    (!std::is_const_v<T> || holds_mutable<T>()) && holds_growing<T>();

/// A function with a parameter P leaves the elements of a variable of type V
/// alone.
template <class P, class V> constexpr bool leaves_elements() {
  using given = std::remove_cvref_t<P>;
  using value = std::remove_cv_t<V>;
  if constexpr (scalar_like<value> && !data_pointer<value>)
    return true;
  else if constexpr (std::is_const_v<V>)
    return !holds_mutable<V>();
  else if constexpr (std::is_pointer_v<given>)
    return std::is_const_v<std::remove_pointer_t<given>>;
  else if constexpr (std::ranges::view<given> && std::ranges::range<given>)
    return std::is_const_v<
        std::remove_reference_t<std::ranges::range_reference_t<given>>>;
  else
    return std::is_same_v<given, value> &&
           (is_copied<P> || (is_read_only<P> && !holds_mutable<V>()));
}

/// For values of types V: whether Fn may write to what each is or shows.
template <class Fn, class... V> constexpr auto may_write() {
  return []<class... P>(parameter_list<P...>) {
    if constexpr (sizeof...(P) == sizeof...(V) && !(std::is_void_v<P> || ...))
      return std::array<bool, sizeof...(V)>{!leaves_elements<P, V>()...};
    else
      return std::array<bool, sizeof...(V)>{!leaves_elements<V &, V>()...};
  }(typename function<Fn>::parameters{});
}

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

// --- what the caller passed ------------------------------------------------

/// Whether `at` is an address in memory that `object` owns.
template <class T> bool owns_address(const T &object, std::uintptr_t at) {
  auto lies_in = [&](const void *first, std::size_t bytes) {
    return at - reinterpret_cast<std::uintptr_t>(first) < bytes;
  };
  bool owned = lies_in(std::addressof(object), sizeof(T));
  auto ask = [&](const auto &...parts) {
    owned = owned || (owns_address(parts, at) || ...);
  };
  if constexpr (std::is_trivially_copyable_v<T> ||
                ownership<T>() != owns::numbers) {
  } else if constexpr (tuple_like<T>) {
    std::apply(ask, object);
  } else if constexpr (std::is_array_v<T> || container<T>) {
    using element_type = std::ranges::range_value_t<const T>;
    if constexpr (std::ranges::contiguous_range<const T>)
      owned =
          owned || lies_in(std::ranges::data(object),
                           std::ranges::size(object) * sizeof(element_type));
    if constexpr (!std::ranges::contiguous_range<const T> ||
                  !std::is_trivially_copyable_v<element_type>)
      for (const auto &element : object)
        ask(element);
  } else if constexpr (plain_struct<T>) {
    for_members(object, ask);
  }
  return owned;
}

/// Where the memory that an argument is, or shows, begins.
template <class V> std::uintptr_t address_of(V &value) {
  const volatile void *at = nullptr;
  if constexpr (data_pointer<std::remove_cv_t<V>>)
    at = value;
  else if constexpr (std::ranges::view<std::remove_cv_t<V>> &&
                     std::ranges::contiguous_range<V>)
    at = std::ranges::data(value);
  else
    at = std::addressof(value);
  return reinterpret_cast<std::uintptr_t>(at);
}

/// What can share numbers with other arguments.
template <class A> constexpr bool has_numbers() {
  using V = std::remove_cv_t<typename argument<A>::value>;
  return !std::is_function_v<V> &&
         (shows_numbers<V> || ownership<V>() == owns::numbers);
}

/// Whether two arguments share memory, and not their derivatives.
template <class A, class B> bool derivatives_part(A &a, B &b) {
  auto &first = argument<A>::primal(a);
  auto &second = argument<B>::primal(b);
  std::uintptr_t at = address_of(first), to = address_of(second);
  constexpr bool both_bring =
      argument<A>::how == role::shadowed && argument<B>::how == role::shadowed;
  if constexpr (both_bring)
    return at && at == to &&
           address_of(argument<A>::shadow(a)) !=
               address_of(argument<B>::shadow(b));
  else
    return at && to &&
           (at == to || owns_address(first, to) || owns_address(second, at));
}

TERN_INACTIVE inline void stop_if_shared(bool shared) {
  if (!shared)
    return;
  std::fflush(stdout);
  std::fputs("tern: two arguments share memory that the differentiated "
             "function may write to, and their derivatives are apart; pass a "
             "copy of one, or take what is only read as const [tern-D05]\n",
             stderr);
  std::abort();
}

/// Of arguments that may be written to, none shares memory with another.
template <class A, class B, bool Written> void check_pair(A &a, B &b) {
  constexpr bool no_derivative =
      argument<A>::how == role::constant && argument<B>::how == role::constant;
  if constexpr (Written && !no_derivative && has_numbers<A>() &&
                has_numbers<B>())
    stop_if_shared(derivatives_part(a, b));
}

/// Argument number At against those behind it.
template <class Fn, std::size_t At, class... A, std::size_t... I>
void check_one(std::index_sequence<I...>, std::tuple<A &...> all) {
  constexpr auto open = may_write<Fn, typename argument<A>::value...>();
  auto &one = std::get<At>(all);
  (check_pair < std::remove_reference_t<decltype(one)>, A,
   (At < I) && (open[At] || open[I]) > (one, std::get<I>(all)), ...);
}

/// Stops where an argument that Fn may write to shares memory with another that
/// has its derivatives elsewhere.
template <class Fn, class... A, std::size_t... I>
void check_apart(std::index_sequence<I...> each, A &...args) {
  (check_one<Fn, I, A...>(each, std::tuple<A &...>(args...)), ...);
}

/// Gives `to`, which the function may have changed, the value of `from` again,
/// its elements in their places.
template <class T> void put_back(T &to, const T &from) {
  if constexpr (std::is_const_v<T> && !holds_mutable<T>()) {
  } else if constexpr (std::is_array_v<T>) {
    for (std::size_t i = 0; i != std::extent_v<T>; ++i)
      put_back(to[i], from[i]);
  } else if constexpr (tuple_like<T>) {
    std::apply(
        [&](auto &...t) {
          std::apply([&](const auto &...f) { (put_back(t, f), ...); }, from);
        },
        to);
  } else if constexpr (plain_struct<T> && !range_class<T>) {
    for_members(to, [&](auto &...t) {
      for_members(from, [&](const auto &...f) { (put_back(t, f), ...); });
    });
  } else if constexpr (growing<T>) {
    if (std::size(to) != std::size(from)) {
      if constexpr (std::is_copy_assignable_v<std::ranges::range_value_t<T>>)
        to = from;
    } else {
      auto source = std::begin(from);
      for (auto &element : to)
        put_back(element, *source++);
    }
  } else if constexpr (std::is_copy_assignable_v<T>) {
    to = from;
  }
}

/// A copy of a V, if it may change and can be copied.
template <class V, bool Changes> struct kept_value {
  explicit kept_value(const V &) {}
  void restore(V &) const {}
};
template <class V, bool Changes>
concept keepable =
    Changes && !std::is_function_v<V> && !std::is_pointer_v<V> &&
    !std::ranges::view<V> && !std::is_array_v<V> &&
    std::is_copy_constructible_v<V> && ownership<V>() != owns::unknown;
template <class V, bool Changes>
  requires keepable<V, Changes>
struct kept_value<V, Changes> {
  explicit kept_value(const V &now) : value(now) {}
  void restore(V &to) const { put_back<V>(to, value); }
  V value;
};
template <class T, std::size_t N>
  requires std::is_default_constructible_v<T>
struct kept_value<T[N], true> {
  explicit kept_value(const T (&now)[N]) {
    if constexpr (!std::is_const_v<T>)
      put_back(value, now);
  }
  void restore(T (&to)[N]) const {
    if constexpr (!std::is_const_v<T>)
      put_back(to, value);
  }
  std::remove_const_t<T> value[N];
};

/// What the caller passed, for values of types V: where Fn runs more than once
/// (to learn the result's size, or for several sweeps), it starts from there
/// each time. Memory behind pointers is not known well enough.
template <class Fn, class... V> class start {
  static constexpr auto open = may_write<Fn, V...>();

  template <std::size_t... I>
  static auto keep(std::index_sequence<I...>, const V &...values) {
    return std::tuple<kept_value<V, open[I]>...>(
        kept_value<V, open[I]>(values)...);
  }
  template <std::size_t... I>
  void restore(std::index_sequence<I...>, V &...values) const {
    (std::get<I>(kept).restore(values), ...);
  }
  decltype(keep(std::index_sequence_for<V...>{},
                std::declval<const V &>()...)) kept;

public:
  explicit start(const V &...values)
      : kept(keep(std::index_sequence_for<V...>{}, values...)) {}
  void restore(V &...values) const {
    restore(std::index_sequence_for<V...>{}, values...);
  }
};

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
#include "macros_on.hpp"
#endif
