#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/codec/owned.hpp"

// What the typed layer needs to know of a user's function: whether it can be called as the library
// calls it (as const, from several threads, with `const T&`), and what it gives.

namespace caf_stream::lineage {

template <class F, class... Args>
inline constexpr bool is_callable_v = std::is_invocable_v<const F&, Args...>;

/// True for mutable lambdas: callable, but not as const.
template <class F, class... Args>
inline constexpr bool is_mutable_function_v =
  !is_callable_v<F, Args...> && std::is_invocable_v<F&, Args...>;

/// What a call gives, as a value. Requires is_callable_v.
template <class F, class... Args>
using value_of_call = std::remove_cvref_t<std::invoke_result_t<const F&, Args...>>;

namespace function_detail {

template <class Member>
struct parameters_of {
  using type = void;
};

template <class R, class C, class... As>
struct parameters_of<R (C::*)(As...) const> {
  using type = std::tuple<As...>;
};

template <class R, class C, class... As>
struct parameters_of<R (C::*)(As...)> {
  using type = std::tuple<As...>;
};

template <class R, class C, class... As>
struct parameters_of<R (C::*)(As...) const noexcept> {
  using type = std::tuple<As...>;
};

template <class R, class... As>
struct parameters_of<R (*)(As...)> {
  using type = std::tuple<As...>;
};

template <class R, class... As>
struct parameters_of<R (*)(As...) noexcept> {
  using type = std::tuple<As...>;
};

template <class F>
constexpr auto declared_parameters() {
  if constexpr (requires { &F::operator(); })
    return parameters_of<decltype(&F::operator())>{};
  else
    return parameters_of<F>{};
}

template <class Parameters>
struct ends_of {
  using first = void;
  using last = void;
};

template <class A, class... As>
struct ends_of<std::tuple<A, As...>> {
  using first = A;
  using last = std::tuple_element_t<sizeof...(As), std::tuple<A, As...>>;
};

template <class P>
constexpr bool owns_memory() {
  if constexpr (std::is_class_v<P>)
    return !is_view_v<P> && !std::is_trivially_copyable_v<P>;
  else
    return false;
}

} // namespace function_detail

/// The declared types of the first and the last parameter of F; void where they cannot be told:
/// with `auto` parameters and overloads, and where it has none.
template <class F>
using first_parameter_t = typename function_detail::ends_of<
  typename decltype(function_detail::declared_parameters<F>())::type>::first;
template <class F>
using last_parameter_t = typename function_detail::ends_of<
  typename decltype(function_detail::declared_parameters<F>())::type>::last;

/// True for `f(std::string) -> std::string_view` and the like: a record that owns memory, taken by
/// value, is gone when the view of it, a U, is read.
template <class F, class U>
inline constexpr bool returns_dead_view_v = is_view_v<U>&&
function_detail::owns_memory<first_parameter_t<F>>();

/// True for raw pointers and what is made of them, such as `std::pair{"odd", 1}`.
template <class T>
inline constexpr bool has_pointer_v = std::is_pointer_v<T>;
template <class A, class B>
inline constexpr bool has_pointer_v<std::pair<A, B>> = has_pointer_v<A> || has_pointer_v<B>;
template <class... Ts>
inline constexpr bool has_pointer_v<std::tuple<Ts...>> = (has_pointer_v<Ts> || ...);
template <class T>
inline constexpr bool has_pointer_v<std::optional<T>> = has_pointer_v<T>;
template <class T, class Allocator>
inline constexpr bool has_pointer_v<std::vector<T, Allocator>> = has_pointer_v<T>;

template <class T>
struct pair_traits {
  static constexpr bool is_pair = false;
};

template <class K, class V>
struct pair_traits<std::pair<K, V>> {
  static constexpr bool is_pair = true;
  using key = K;
  using value = V;
};

template <class T>
inline constexpr bool is_pair_v = pair_traits<T>::is_pair;

template <class T>
using key_of_pair = typename pair_traits<T>::key;

template <class T>
using value_of_pair = typename pair_traits<T>::value;

/// What can stand in a range-based for.
template <class R>
inline constexpr bool is_range_v = requires(R& r) {
  std::begin(r) != std::end(r);
  *std::begin(r);
};

template <class R>
using range_record_t = std::iter_value_t<decltype(std::begin(std::declval<R&>()))>;

/// True for containers that own their elements, which may then be moved out of an rvalue.
template <class R>
inline constexpr bool owns_elements_v = requires {
  typename R::allocator_type;
};

/// Appends the elements of `range` to `out`.
template <class Range, class Chunk>
void append_range(Range&& range, Chunk& out) {
  constexpr bool may_move =
    !std::is_lvalue_reference_v<Range> && owns_elements_v<std::remove_cvref_t<Range>>;
  for (auto&& x : range) {
    if constexpr (may_move)
      out.push_back(std::move(x));
    else
      out.push_back(x);
  }
}

} // namespace caf_stream::lineage
