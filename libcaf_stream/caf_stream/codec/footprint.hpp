#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

// How much memory a value takes, so that blocks, tables and pieces can keep to their budget: its
// own size plus an estimate of what it holds on the heap. What the allocator adds is not counted.

namespace caf_stream::codec {

namespace footprint_detail {

void footprint() = delete; // only footprints found by argument-dependent look-up are asked below

template <class T>
concept has_member = requires(const T& x) {
  { x.footprint() } -> std::convertible_to<std::size_t>;
};

template <class T>
concept has_function = requires(const T& x) {
  { footprint(x) } -> std::convertible_to<std::size_t>;
};

/// What a T holds on the heap; `fixed` where that is always nothing.
template <class T>
struct heap {
  static constexpr bool fixed = !has_member<T> && !has_function<T>;
  static std::size_t of(const T& x) {
    std::size_t all = sizeof(T);
    if constexpr (has_member<T>)
      all = x.footprint();
    else if constexpr (has_function<T>)
      all = footprint(x);
    return all > sizeof(T) ? all - sizeof(T) : 0;
  }
};

template <class Range>
std::size_t heap_of_each(const Range& xs) {
  std::size_t sum = 0;
  if constexpr (!heap<typename Range::value_type>::fixed) {
    for (const auto& x : xs)
      sum += heap<typename Range::value_type>::of(x);
  }
  return sum;
}

template <class Char, class Traits, class Allocator>
struct heap<std::basic_string<Char, Traits, Allocator>> {
  static constexpr bool fixed = false;
  static std::size_t of(const std::basic_string<Char, Traits, Allocator>& x) {
    constexpr std::size_t inside = sizeof(x) / 2 / sizeof(Char) - 1;
    return x.capacity() > inside ? (x.capacity() + 1) * sizeof(Char) : 0;
  }
};

template <class T, class Allocator>
struct heap<std::vector<T, Allocator>> {
  static constexpr bool fixed = false;
  static std::size_t of(const std::vector<T, Allocator>& xs) {
    if constexpr (std::is_same_v<T, bool>)
      return xs.capacity() / 8;
    else
      return xs.capacity() * sizeof(T) + heap_of_each(xs);
  }
};

template <class A, class B>
struct heap<std::pair<A, B>> {
  using first = heap<std::remove_cv_t<A>>;
  using second = heap<std::remove_cv_t<B>>;
  static constexpr bool fixed = first::fixed && second::fixed;
  static std::size_t of(const std::pair<A, B>& x) {
    return first::of(x.first) + second::of(x.second);
  }
};

template <class... Ts>
struct heap<std::tuple<Ts...>> {
  static constexpr bool fixed = (heap<std::remove_cvref_t<Ts>>::fixed && ...);
  static std::size_t of(const std::tuple<Ts...>& x) {
    return std::apply(
      [](const auto&... xs) {
        return (std::size_t{0} + ... + heap<std::remove_cvref_t<decltype(xs)>>::of(xs));
      },
      x);
  }
};

template <class T>
struct heap<std::optional<T>> {
  static constexpr bool fixed = heap<T>::fixed;
  static std::size_t of(const std::optional<T>& x) { return x ? heap<T>::of(*x) : 0; }
};

template <class T, std::size_t N>
struct heap<std::array<T, N>> {
  static constexpr bool fixed = heap<T>::fixed;
  static std::size_t of(const std::array<T, N>& xs) { return heap_of_each(xs); }
};

/// Trees: each node has a colour and three pointers besides its value.
template <class Tree>
struct heap_of_tree {
  static constexpr bool fixed = false;
  static std::size_t of(const Tree& xs) {
    return xs.size() * (sizeof(typename Tree::value_type) + 4 * sizeof(void*)) + heap_of_each(xs);
  }
};

/// Hash tables: each node has a link and a hash besides its value.
template <class Table>
struct heap_of_table {
  static constexpr bool fixed = false;
  static std::size_t of(const Table& xs) {
    return xs.bucket_count() * sizeof(void*) +
           xs.size() * (sizeof(typename Table::value_type) + 2 * sizeof(void*)) + heap_of_each(xs);
  }
};

template <class... Ts>
struct heap<std::map<Ts...>> : heap_of_tree<std::map<Ts...>> {};
template <class... Ts>
struct heap<std::set<Ts...>> : heap_of_tree<std::set<Ts...>> {};
template <class... Ts>
struct heap<std::unordered_map<Ts...>> : heap_of_table<std::unordered_map<Ts...>> {};
template <class... Ts>
struct heap<std::unordered_set<Ts...>> : heap_of_table<std::unordered_set<Ts...>> {};

} // namespace footprint_detail

/// True when every T takes sizeof(T) and no more, so that n of them need not be looked at.
template <class T>
inline constexpr bool has_fixed_footprint_v = footprint_detail::heap<T>::fixed;

/// Bytes `x` holds on the heap.
template <class T>
std::size_t heap_of(const T& x) {
  return footprint_detail::heap<T>::of(x);
}

/// Calls f(), which changes x and may throw, and counts in `held` what x holds outside of itself.
template <class T, class F>
void change_counted(const T& x, std::size_t& held, F&& f) {
  if constexpr (has_fixed_footprint_v<T>) {
    f();
  } else {
    held -= heap_of(x);
    try {
      f();
    } catch (...) {
      held += heap_of(x);
      throw;
    }
    held += heap_of(x);
  }
}

/// Bytes `x` takes: sizeof(T) and what it holds on the heap. A type of the user's counts as
/// sizeof(T) unless it has a member `footprint()`, or a function `footprint(const T&)` beside it,
/// that returns its whole size.
template <class T>
std::size_t footprint(const T& x) {
  return sizeof(T) + heap_of(x);
}

} // namespace caf_stream::codec
