#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/lineage/functions.hpp"

// One step of a reduction: `acc = f(std::move(acc), v)`. The accumulator is an rvalue so that
// functions such as std::plus grow it in place. Values are handed over as they are in the stream
// (views); a function that cannot take a view gets the owned value.

namespace caf_stream::lineage {

namespace accumulate_detail {

template <class F, class A, class V>
inline constexpr bool takes_view_v = is_callable_v<F, A, const V&>;

template <class F, class A, class V>
inline constexpr bool takes_owned_v = is_callable_v<F, A, const owned_t<V>&>;

template <class F, class A, class V>
decltype(auto) call(const F& f, A& acc, const V& v) {
  if constexpr (takes_view_v<F, A, V>)
    return std::invoke(f, std::move(acc), v);
  else
    return std::invoke(f, std::move(acc), static_cast<const owned_t<V>&>(to_owned(v)));
}

template <class F, class A, class V>
constexpr bool gives_accumulator() {
  if constexpr (takes_view_v<F, A, V>)
    return std::is_constructible_v<A, std::invoke_result_t<const F&, A, const V&>>;
  else if constexpr (takes_owned_v<F, A, V>)
    return std::is_constructible_v<A, std::invoke_result_t<const F&, A, const owned_t<V>&>>;
  else
    return false;
}

} // namespace accumulate_detail

/// True where `f(A&&, v)` can be called, with v a V or an owned V, and gives what an A can be made
/// of.
template <class F, class A, class V>
inline constexpr bool is_accumulator_v = accumulate_detail::gives_accumulator<F, A, V>();

/// acc = f(std::move(acc), v). When f throws, acc is no longer of use.
template <class F, class A, class V>
void accumulate(const F& f, A& acc, const V& v) {
  using given = decltype(accumulate_detail::call(f, acc, v));
  if constexpr (std::is_same_v<given, A>) {
    acc = accumulate_detail::call(f, acc, v);
  } else {
    A next(accumulate_detail::call(f, acc, v)); // what f gives may point into acc
    acc = std::move(next);
  }
}

} // namespace caf_stream::lineage
