#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/lineage/state_checks.hpp"
#include "caf_stream/rdd.hpp"

namespace caf_stream {

/// A state that begins without keys.
struct no_initial_state {};

/// What a state may begin with: an rdd or a vector of pairs.
template <class I>
struct initial_state_traits {
  static constexpr bool is_given = false;
  using record = void;
};
template <class T>
struct initial_state_traits<rdd<T>> {
  static constexpr bool is_given = true;
  using record = T;
};
template <class T>
struct initial_state_traits<std::vector<T>> {
  static constexpr bool is_given = true;
  using record = T;
};

template <class I>
inline constexpr bool is_initial_state_v = initial_state_traits<I>::is_given;

/// What map_with_state does. `f` is called once for each record, in order within a key, as
///
///   f(const K&, std::optional<V>, state<S>&) -> M                             M is emitted
///   f(batch_time, const K&, std::optional<V>, state<S>&) -> std::optional<M>  where there is one
///
/// K and V are owned, S is read from `state<S>&`. Of views that f returns the library keeps a copy.
///
///   ssc.actor_stream<click>(…).map(by_user).map_with_state(
///     state_spec(count_clicks).initial_state(last_year).partitions(8).timeout(30min));
template <class F, class I = no_initial_state, class P = default_partitioning>
class state_spec {
public:
  /// Throws errc::invalid_argument for a null pointer and an empty std::function.
  explicit state_spec(F f) : state_spec(std::move(f), {}, {}, {}) {
    if constexpr (requires(const F& x) { x == nullptr; })
      if (function == nullptr)
        throw error{errc::invalid_argument, "state_spec was given no function"};
  }

  /// For the library.
  state_spec(F f, I initial_pairs, P partitioning, std::optional<duration> idle)
    : function(std::move(f)), initial(std::move(initial_pairs)), split(std::move(partitioning)),
      limit(idle) {}

  /// The states that there are before the first batch, an rdd or a vector of pairs of K and S. They
  /// count as touched in the first batch.
  template <class J>
  state_spec<F, J, P> initial_state(J pairs) && {
    static_assert(is_initial_state_v<J>, "initial_state takes an rdd or a std::vector of pairs of "
                                         "a key and a state");
    return {std::move(function), std::move(pairs), std::move(split), limit};
  }
  template <class J>
  state_spec<F, J, P> initial_state(J pairs) const& {
    return state_spec(*this).initial_state(std::move(pairs));
  }

  /// A number of partitions, or a partitioner; `default-partitions` where nothing is said.
  template <class Q>
  state_spec<F, I, Q> partitions(Q partitioning) && {
    return {std::move(function), std::move(initial), std::move(partitioning), limit};
  }
  template <class Q>
  state_spec<F, I, Q> partitions(Q partitioning) const& {
    return state_spec(*this).partitions(std::move(partitioning));
  }

  /// A key without data for longer than `idle` goes: f is called a last time, without a value and
  /// with `is_timing_out()`, in the first batch in which that is so, after the batch's records.
  /// Throws errc::invalid_argument unless `idle` > 0.
  state_spec timeout(duration idle) && {
    if (idle <= duration{0})
      throw error{errc::invalid_argument, "the timeout of a state must be longer than 0 ms, not " +
                                            std::to_string(idle.count()) + " ms"};
    return {std::move(function), std::move(initial), std::move(split), idle};
  }
  state_spec timeout(duration idle) const& { return state_spec(*this).timeout(idle); }

  F function;
  I initial;
  P split;
  std::optional<duration> limit;
};

template <class F>
state_spec(F) -> state_spec<F>;

} // namespace caf_stream
