#pragma once

#include <functional>
#include <optional>
#include <span>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/keyed_step.hpp"
#include "caf_stream/state/equality.hpp"

// The step of update_state_by_key. The function sees every key that has a state or data, once:
// first those with data, then, in a walk through the table, the others. So a batch costs as much as
// there are keys. A state that is equal to what was there before is not written down, which is what
// becomes of most keys without data.

namespace caf_stream::lineage {

/// The forms f(values, state) and f(batch_time, key, values, state).
template <class F, class V, class S>
inline constexpr bool updates_by_values_v = is_callable_v<F, std::span<const V>, std::optional<S>>;
template <class F, class K, class V, class S>
inline constexpr bool updates_by_key_v =
  is_callable_v<F, batch_time, const K&, std::span<const V>, std::optional<S>>;

/// Calls the function for the keys of one batch and partition. K and V are owned.
template <class K, class V, class S, class F>
class state_updater {
public:
  using keyed = stateful::keyed_state<K, S>;

  state_updater(const F& f, batch_time t) : f_(f), time_(t) {}

  void run(keyed& state, const std::vector<data::payload>& pieces, data::table_seed seed) {
    visit_data(state, pieces, seed);
    state.visit_all([&](const data::key_view_t<K>& key, auto& cell) {
      if (cell.touched() != time_)
        update(key, {}, cell, false);
    });
  }

private:
  void visit_data(keyed& state, const std::vector<data::payload>& pieces, data::table_seed seed) {
    key_groups<K, V> groups{seed};
    groups.template add<0>(pieces);
    std::array<std::uint32_t, data::chunk_size> slots;
    std::size_t at = 0;
    while (auto n = groups.next_slots(at, slots.data(), slots.size()))
      state.visit(
        n, [&](std::size_t i) -> decltype(auto) { return groups.key_view(slots[i]); },
        [&](std::size_t i, auto& cell) {
          update(groups.key_view(slots[i]), values_of(groups, slots[i]), cell, true);
        });
  }

  // A single value, as most keys have, is read where it lies.
  std::span<const V> values_of(const key_groups<K, V>& groups, std::uint32_t slot) {
    auto i = groups.template first<0>(slot);
    if (groups.template next<0>(i) == groups.none)
      return {&groups.template value<0>(i), 1};
    values_.clear();
    for (; i != groups.none; i = groups.template next<0>(i))
      values_.push_back(groups.template value<0>(i));
    return values_.view();
  }

  template <class Cell>
  void update(const data::key_view_t<K>& key, std::span<const V> values, Cell& cell, bool touch) {
    std::optional<S> before;
    if (cell.exists())
      before.emplace(cell.get());
    std::optional<S> after = call(key, values, std::move(before));
    if (!after)
      cell.remove();
    else if (!cell.exists() || !is_same(cell.get(), *after))
      cell.set(*std::move(after));
    else if (touch)
      cell.touch();
  }

  std::optional<S> call(const data::key_view_t<K>& key, std::span<const V> values,
                        std::optional<S> before) {
    if constexpr (updates_by_values_v<F, V, S>)
      return std::invoke(f_, values, std::move(before));
    else
      return std::invoke(f_, time_, show_(key), values, std::move(before));
  }

  static bool is_same(const S& a, const S& b) {
    if constexpr (stateful::has_equality_v<S>)
      return static_cast<bool>(a == b);
    else
      return false;
  }

  const F& f_;
  batch_time time_;
  shown_key<K> show_;
  data::chunk<V> values_;
};

/// Changes the state of each key by `f`, and gives all keys and their states. Keys and values are
/// owned in what f sees.
template <class K, class V, class S, class F, class P>
dataset_ptr make_update_state(dataset_ptr data, initial_pairs initial, state_batches batches,
                              std::shared_ptr<const F> f, std::shared_ptr<const P> partitioner) {
  auto change = [f = std::move(f), t = batches.to](
                  auto& state, const std::vector<data::payload>& pieces, task_context& context) {
    state_updater<owned_t<K>, owned_t<V>, S, F> updater{*f, t};
    updater.run(state, pieces, context.seed().derived(reduce_side_seed));
    return data::payload{};
  };
  auto nothing = [](const data::payload&) { return data::any_cursor{}; };
  auto step =
    make_keyed_step<K, V, S>("update_state_by_key", std::move(data), std::move(initial), false,
                             batches, std::move(partitioner), std::move(change), nothing);
  return make_state_pairs<owned_t<K>, S>("update_state_by_key", std::move(step), batches.to);
}

} // namespace caf_stream::lineage
