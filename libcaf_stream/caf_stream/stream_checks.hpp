#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/graph/stream_node.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/outputs/output_id.hpp"
#include "caf_stream/rdd.hpp"

// What operators on whole batches check, and how they call what they were given.

namespace caf_stream {

template <class T>
class dstream;

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

/// Functions on a partition of an output: `f(records, output_id)` or `f(records)`.
template <class T, class F>
constexpr bool check_on_partition() {
  constexpr bool is_right = std::is_invocable_v<const F&, record_range<T>&, const output_id&> ||
                            std::is_invocable_v<const F&, record_range<T>&>;
  static_assert(is_right,
                "foreach_partition calls f(records, output_id) or f(records), as const (a mutable "
                "lambda cannot be called so), where records is a caf_stream::record_range<T>");
  return is_right;
}

template <class T, class F>
decltype(auto) call_on_batch(const F& f, const rdd<T>& batch, batch_time t) {
  if constexpr (std::is_invocable_v<const F&, const rdd<T>&, batch_time>)
    return std::invoke(f, batch, t);
  else
    return std::invoke(f, batch);
}

/// Functions on the batches of several streams: `f(batches...)` or `f(batches..., batch_time)`.
template <class F, class... Batches>
inline constexpr bool takes_batches_v = std::is_invocable_v<const F&, Batches...> ||
                                        std::is_invocable_v<const F&, Batches..., batch_time>;

template <class F, class... Batches>
decltype(auto) call_on_batches(const F& f, batch_time t, const Batches&... batches) {
  if constexpr (std::is_invocable_v<const F&, const Batches&..., batch_time>)
    return std::invoke(f, batches..., t);
  else
    return std::invoke(f, batches...);
}

template <class F, class... Batches>
constexpr bool check_on_batches() {
  if constexpr (!takes_batches_v<F, Batches...>) {
    static_assert(takes_batches_v<F, Batches...>,
                  "transform_with calls f(rdd, other_rdd) and transform of several streams "
                  "f(const std::vector<rdd<T>>&), as const (a mutable lambda cannot be called so) "
                  "and with the batch_time last where f takes it; this function cannot be called "
                  "so");
    return false;
  } else {
    constexpr bool gives_rdd = is_rdd_v<std::remove_cvref_t<decltype(call_on_batches(
      std::declval<const F&>(), batch_time{}, std::declval<Batches>()...))>>;
    static_assert(gives_rdd, "transform and transform_with expect f to return an rdd; for a batch "
                             "without records return an empty one");
    return gives_rdd;
  }
}

/// The record type of what `f` returns.
template <class F, class... Batches>
using result_on_batches = typename std::remove_cvref_t<decltype(call_on_batches(
  std::declval<const F&>(), batch_time{}, std::declval<Batches>()...))>::value_type;

/// Throws errc::invalid_argument unless there are streams, of one context and one slide.
void check_can_combine(const std::string& operation, const std::vector<graph::node_ptr>& parents);

/// An operator on several streams, which are checked as above.
template <class T>
graph::node_description describe_combination(std::string kind,
                                             const std::vector<dstream<T>>& streams,
                                             source_location where) {
  graph::node_description description;
  for (auto& stream : streams)
    description.parents.push_back(stream.node());
  check_can_combine(kind, description.parents);
  description.kind = std::move(kind);
  description.slide = description.parents[0]->slide();
  description.where = where;
  return description;
}

} // namespace caf_stream
