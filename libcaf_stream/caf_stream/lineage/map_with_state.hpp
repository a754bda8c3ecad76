#pragma once

#include <algorithm>
#include <functional>
#include <optional>

#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/keyed_step.hpp"
#include "caf_stream/state/state.hpp"

// The step of map_with_state. The function sees every record, in the order of the map partitions,
// and what it gives is the step's records. With a timeout it sees keys that have been idle for
// longer once more, after them. They are found in a walk through all keys, in the batches in which
// one may be due: the state keeps a bound of the oldest touch, which each walk makes exact. So
// while keys come and go all the time a batch costs a walk, and while none is due nothing.

namespace caf_stream::lineage {

/// The forms f(key, value, state) and f(batch_time, key, value, state).
template <class F, class K, class V, class S>
inline constexpr bool maps_with_state_v = is_callable_v<F, const K&, std::optional<V>, state<S>&>;
template <class F, class K, class V, class S>
inline constexpr bool maps_with_time_v =
  is_callable_v<F, batch_time, const K&, std::optional<V>, state<S>&>;

/// What the function gives for a record: always one, or what is there.
template <class F, class K, class V, class S>
constexpr auto mapped_by() {
  if constexpr (maps_with_state_v<F, K, V, S>)
    return std::type_identity<value_of_call<F, const K&, std::optional<V>, state<S>&>>{};
  else
    return std::type_identity<
      typename value_of_call<F, batch_time, const K&, std::optional<V>, state<S>&>::value_type>{};
}

/// The records of the mapped stream, owned.
template <class F, class K, class V, class S>
using mapped_t = owned_t<typename decltype(mapped_by<F, K, V, S>())::type>;

/// Calls the function for one batch and partition. K and V are owned.
template <class K, class V, class S, class F>
class state_mapper {
public:
  using keyed = stateful::keyed_state<K, S>;
  using mapped = mapped_t<F, K, V, S>;

  state_mapper(const F& f, batch_time t, std::optional<duration> timeout)
    : f_(f), time_(t), timeout_(timeout) {}

  data::payload run(keyed& state, const std::vector<data::payload>& pieces) {
    if constexpr (maps_with_state_v<F, K, V, S>) { // a record for each
      std::size_t records = 0;
      for (auto& piece : pieces)
        records += piece.records();
      records_.reserve(records);
    }
    for (auto& piece : pieces)
      if (auto list = open_piece<data::record_list<std::pair<K, V>>>(piece))
        map(state, list->items);
    if (timeout_ && state.oldest() < time_ - *timeout_)
      end_idle(state);
    return records_.take();
  }

private:
  void map(keyed& state, const std::vector<std::pair<K, V>>& pairs) {
    state.visit(
      pairs.size(), [&](std::size_t i) -> const K& { return pairs[i].first; },
      [&](std::size_t i, auto& cell) {
        caf_stream::state<S> shown{cell.exists() ? &cell.get() : nullptr};
        call(pairs[i].first, pairs[i].second, shown);
        if (shown.is_removed())
          cell.remove();
        else if (shown.is_updated())
          cell.set(shown.take_update());
        else if (timeout_ && cell.exists())
          cell.touch();
      });
  }

  void end_idle(keyed& state) {
    auto oldest = time_;
    state.visit_all([&](const data::key_view_t<K>& key, auto& cell) {
      if (cell.touched() < time_ - *timeout_) {
        caf_stream::state<S> shown{&cell.get(), true};
        call(show_(key), std::nullopt, shown);
        cell.remove();
      } else {
        oldest = std::min(oldest, cell.touched());
      }
    });
    state.set_oldest(oldest);
  }

  void call(const K& key, std::optional<V> value, caf_stream::state<S>& shown) {
    if constexpr (maps_with_state_v<F, K, V, S>) {
      records_.push_back(mapped(to_owned(std::invoke(f_, key, std::move(value), shown))));
    } else {
      auto given = std::invoke(f_, time_, key, std::move(value), shown);
      if (given)
        records_.push_back(mapped(to_owned(*std::move(given))));
    }
  }

  const F& f_;
  batch_time time_;
  std::optional<duration> timeout_;
  shown_key<K> show_;
  data::record_list_builder<mapped> records_;
};

/// Calls `f` with each record and the state of its key. Keys and values are owned in what f sees.
template <class K, class V, class S, class F, class P>
dataset_ptr make_map_with_state(dataset_ptr data, initial_pairs initial, state_batches batches,
                                std::shared_ptr<const F> f, std::shared_ptr<const P> partitioner,
                                std::optional<duration> timeout) {
  using mapper = state_mapper<owned_t<K>, owned_t<V>, S, F>;
  auto change = [f = std::move(f), t = batches.to,
                 timeout](auto& state, const std::vector<data::payload>& pieces, task_context&) {
    return mapper{*f, t, timeout}.run(state, pieces);
  };
  auto open = [](const data::payload& records) {
    return open_lists<typename mapper::mapped>({records});
  };
  return make_keyed_step<K, V, S>("map_with_state", std::move(data), std::move(initial), true,
                                  batches, std::move(partitioner), std::move(change), open);
}

} // namespace caf_stream::lineage
