#pragma once

#include <concepts>
#include <functional>
#include <numeric>
#include <type_traits>
#include <utility>

#include "caf_stream/base/source_location.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/graph/state_node.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/graph/window_node.hpp"
#include "caf_stream/lineage/merge_groups.hpp"
#include "caf_stream/lineage/pair_checks.hpp"
#include "caf_stream/lineage/reduce_window.hpp"

// What windows by key are given after their length, and the panes they are made of.

namespace caf_stream {

/// A number of partitions or a partitioner.
template <class P>
concept window_partitioning =
  !std::convertible_to<P, duration> &&
  (std::is_same_v<P, default_partitioning> || (std::integral<P> && !std::same_as<P, bool>) ||
   requires(const P& p) { p.count(); });

/// A predicate on keys and values, where there may also be a partitioning.
template <class Keep>
concept window_filter = !window_partitioning<Keep> && !std::convertible_to<Keep, duration> &&
                        !std::same_as<Keep, source_location>;

/// Keeps every key.
struct keep_all {};

template <class K, class V, class Keep>
constexpr bool check_keep() {
  constexpr bool is_right = std::is_same_v<Keep, keep_all> ||
                            std::is_invocable_r_v<bool, const Keep&, const K&, const V&> ||
                            std::is_invocable_r_v<bool, const Keep&, const std::pair<K, V>&>;
  static_assert(
    is_right, "reduce_by_key_and_window calls keep(key, value) or keep(std::pair<key, value>), as "
              "const (a mutable lambda cannot be called so), with owned key and value, and "
              "expects a bool");
  return is_right;
}

template <class V, class Inverse>
constexpr bool check_inverse() {
  constexpr bool is_right = lineage::is_accumulator_v<Inverse, owned_t<V>, V>;
  static_assert(is_right,
                "windows call inverse(total, value), as const (a mutable lambda cannot be called "
                "so), where total is an rvalue, and expect what is left of it; this function "
                "cannot be called so");
  return is_right;
}

/// The panes of a window that slides: as long as possible, so that both its length and its slide
/// are a whole number of them. Pane 1 begins where the graph does.
class window_panes {
public:
  /// A slide reads again what earlier slides had read that were given up, unless the batches of
  /// `parent` are those of a state, which has moved on.
  window_panes(const graph::stream_node& parent, duration length, duration slide)
    : width_(std::gcd(length.count(), slide.count())), in_window_(length / width_),
      in_slide_(slide / width_),
      reads_again_(graph::builds_on_state(parent) ? duration{0} : length) {}

  duration reads_again() const noexcept { return reads_again_; }

  std::uint32_t in_window() const noexcept { return static_cast<std::uint32_t>(in_window_); }

  /// What the step of the batch at `batches.to` does, on the batches of `parent`.
  lineage::window_slide slide(graph::stream_node& parent, lineage::state_batches batches) const {
    auto zero = parent.graph().zero_time();
    auto number_of = [&](batch_time t) { return (t - zero) / width_; };
    lineage::window_slide result;
    result.batches = batches;
    result.last = number_of(batches.to);
    result.first = result.last - in_window_ + 1;
    auto next = std::max<stateful::pane_number>(result.first, 1);
    if (reads_again_ == duration{0})
      next = std::max(next, result.last - in_slide_ + 1);
    if (batches.from != stateful::no_batch)
      next = std::max(next, number_of(batches.from) + 1);
    for (; next <= result.last; ++next) {
      auto end = zero + next * width_;
      result.panes.push_back({next, graph::batches_between(parent, end - width_, end, batches.to)});
    }
    return result;
  }

private:
  duration width_;
  stateful::pane_number in_window_;
  stateful::pane_number in_slide_;
  duration reads_again_;
};

} // namespace caf_stream
