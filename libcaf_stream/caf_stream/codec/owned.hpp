#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Views and the values that own what they point to. Records of a text stream are
// `std::string_view`s into the block they arrived in; whatever keeps a record beyond that block
// keeps `owned_t<T>`:
//
//   std::pair<std::string_view, long>   --to_owned-->   std::pair<std::string, long>
//                                       <--view_of---

namespace caf_stream {

/// How values of T are kept. The primary template says: as they are. Specialize it for view types
/// of your own; where those are encoded, T and `type` must have the same encoding.
template <class T>
struct owned_traits {
  using type = T;
  static const T& to_owned(const T& x) { return x; }
  static const T& to_view(const T& x) { return x; }
};

/// The type that owns what a T points to; T itself where T points to nothing.
template <class T>
using owned_t = typename owned_traits<T>::type;

/// True when a T is good only as long as something else is.
template <class T>
inline constexpr bool is_view_v = !std::is_same_v<T, owned_t<T>>;

/// A value that owns all it refers to. A value that is no view is copied, or moved when `x` is an
/// rvalue.
template <class T>
owned_t<std::remove_cvref_t<T>> to_owned(T&& x) {
  using value_type = std::remove_cvref_t<T>;
  if constexpr (is_view_v<value_type>)
    return owned_traits<value_type>::to_owned(x);
  else
    return std::forward<T>(x);
}

/// Reads an owned value as a T, good as long as `x` is. Where T is no view this is `x` itself, not
/// a copy.
template <class T>
decltype(auto) view_of(const owned_t<T>& x) {
  if constexpr (is_view_v<T>)
    return T{owned_traits<T>::to_view(x)};
  else
    return static_cast<const T&>(x);
}

template <>
struct owned_traits<std::string_view> {
  using type = std::string;
  static type to_owned(std::string_view x) { return type{x}; }
  static std::string_view to_view(const type& x) { return x; }
};

template <class A, class B>
struct owned_traits<std::pair<A, B>> {
  using type = std::pair<owned_t<A>, owned_t<B>>;
  static type to_owned(const std::pair<A, B>& x) {
    return type{caf_stream::to_owned(x.first), caf_stream::to_owned(x.second)};
  }
  static std::pair<A, B> to_view(const type& x) {
    return {view_of<A>(x.first), view_of<B>(x.second)};
  }
};

template <class... Ts>
struct owned_traits<std::tuple<Ts...>> {
  using type = std::tuple<owned_t<Ts>...>;
  static type to_owned(const std::tuple<Ts...>& x) {
    return std::apply([](const auto&... xs) { return type{caf_stream::to_owned(xs)...}; }, x);
  }
  static std::tuple<Ts...> to_view(const type& x) {
    return std::apply([](const auto&... xs) { return std::tuple<Ts...>{view_of<Ts>(xs)...}; }, x);
  }
};

template <class T>
struct owned_traits<std::optional<T>> {
  using type = std::optional<owned_t<T>>;
  static type to_owned(const std::optional<T>& x) {
    return x ? type{caf_stream::to_owned(*x)} : type{};
  }
  static std::optional<T> to_view(const type& x) {
    return x ? std::optional<T>{view_of<T>(*x)} : std::optional<T>{};
  }
};

template <class T, class Allocator>
  requires is_view_v<T>
struct owned_traits<std::vector<T, Allocator>> {
  using type = std::vector<owned_t<T>>;
  static type to_owned(const std::vector<T, Allocator>& xs) {
    type result;
    result.reserve(xs.size());
    for (const auto& x : xs)
      result.push_back(caf_stream::to_owned(x));
    return result;
  }
  static std::vector<T, Allocator> to_view(const type& xs) {
    std::vector<T, Allocator> result;
    result.reserve(xs.size());
    for (const auto& x : xs)
      result.push_back(view_of<T>(x));
    return result;
  }
};

template <class T, std::size_t N>
  requires is_view_v<T>
struct owned_traits<std::array<T, N>> {
  using type = std::array<owned_t<T>, N>;
  static type to_owned(const std::array<T, N>& xs) {
    type result;
    for (std::size_t i = 0; i < N; ++i)
      result[i] = caf_stream::to_owned(xs[i]);
    return result;
  }
  static std::array<T, N> to_view(const type& xs) {
    std::array<T, N> result;
    for (std::size_t i = 0; i < N; ++i)
      result[i] = view_of<T>(xs[i]);
    return result;
  }
};

/// A vector can be seen as a span only where its elements are the span's.
template <class T>
struct owned_traits<std::span<T>> {
  using type = std::vector<owned_t<std::remove_const_t<T>>>;
  static type to_owned(std::span<T> xs) {
    type result;
    result.reserve(xs.size());
    for (const auto& x : xs)
      result.push_back(caf_stream::to_owned(x));
    return result;
  }
  static std::span<T> to_view(const type& xs) requires(std::is_const_v<T> &&
                                                       !std::is_same_v<T, const bool> &&
                                                       !is_view_v<std::remove_const_t<T>>) {
    return xs;
  }
};

} // namespace caf_stream
