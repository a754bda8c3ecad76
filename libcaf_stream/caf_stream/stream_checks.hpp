#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/graph/stream_node.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/rdd.hpp"

// What operators on whole batches check, and how they call what they were given.

namespace caf_stream {

template <class R>
inline constexpr bool is_rdd_v = false;
template <class T>
inline constexpr bool is_rdd_v<rdd<T>> = true;

/// Functions on a batch: `f(rdd)` or `f(rdd, batch_time)`.
template <class T, class F>
inline constexpr bool takes_batch_v = std::is_invocable_v<const F&, const rdd<T>&> ||
                                      std::is_invocable_v<const F&, const rdd<T>&, batch_time>;

template <class T, class F>
constexpr bool check_on_batch() {
  static_assert(takes_batch_v<T, F>,
                "transform and foreach_rdd call f(rdd) or f(rdd, batch_time), as const (a mutable "
                "lambda cannot be called so), where rdd is the caf_stream::rdd<T> of a batch");
  return takes_batch_v<T, F>;
}

template <class T, class F>
decltype(auto) call_on_batch(const F& f, const rdd<T>& batch, batch_time t) {
  if constexpr (std::is_invocable_v<const F&, const rdd<T>&, batch_time>)
    return std::invoke(f, batch, t);
  else
    return std::invoke(f, batch);
}

/// Throws errc::invalid_argument unless there are streams, of one context and one slide.
void check_can_combine(const std::string& operation, const std::vector<graph::node_ptr>& parents);

} // namespace caf_stream
