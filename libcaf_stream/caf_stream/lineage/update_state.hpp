#pragma once

#include <functional>
#include <optional>
#include <span>

#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/keyed_step.hpp"
#include "caf_stream/lineage/value_groups.hpp"
#include "caf_stream/state/equality.hpp"

// The step of update_state_by_key. The records give numbers to their keys in the state, and values
// are brought together by number; then one walk through the state calls the function for each key,
// with the values of its number or with none. So a batch costs as much as there are keys. A state
// that is equal to what was there before is not written down, which is what becomes of most keys
// without data.

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

  void run(keyed& state, const std::vector<data::payload>& pieces) {
    std::vector<std::shared_ptr<const list>> lists;
    std::size_t records = 0;
    for (auto& piece : pieces)
      if (auto opened = open_piece<list>(piece)) {
        records += opened->size();
        lists.push_back(std::move(opened));
      }
    value_groups<V> groups{records};
    for (auto& each : lists) {
      auto& pairs = each->items;
      state.number(
        pairs.size(), [&](std::size_t i) -> const K& { return pairs[i].first; },
        groups.add_numbers(pairs.size()));
    }
    groups.end_numbers(state.numbered());
    for (auto& each : lists)
      for (auto& pair : each->items)
        groups.add_value(pair.second);
    state.visit_numbered([&](std::uint32_t number) { return groups.place_of_range(number); },
                         [&](std::uint32_t number) { return groups.place_of_values(number); },
                         [&](std::uint32_t number, const data::key_view_t<K>& key, auto& cell) {
                           update(key, number == keyed::none ? no_values : groups.values(number),
                                  cell);
                         });
  }

private:
  using list = data::record_list<std::pair<K, V>>;

  static constexpr std::span<const V> no_values{};

  template <class Cell>
  void update(const data::key_view_t<K>& key, std::span<const V> values, Cell& cell) {
    auto after = cell.exists() ? call(key, values, cell.get()) : call(key, values, std::nullopt);
    if (!after)
      cell.remove();
    else if (!cell.exists() || !is_same(cell.get(), *after))
      cell.set(*std::move(after));
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
};

/// Changes the state of each key by `f`, and gives all keys and their states. Keys and values are
/// owned in what f sees.
template <class K, class V, class S, class F, class P>
dataset_ptr make_update_state(dataset_ptr data, initial_pairs initial, state_batches batches,
                              std::shared_ptr<const F> f, std::shared_ptr<const P> partitioner) {
  auto change = [f = std::move(f), t = batches.to](
                  auto& state, const std::vector<data::payload>& pieces, task_context&) {
    state_updater<owned_t<K>, owned_t<V>, S, F> updater{*f, t};
    updater.run(state, pieces);
    return data::payload{};
  };
  auto nothing = [](const data::payload&) { return data::any_cursor{}; };
  auto step =
    make_keyed_step<K, V, S>("update_state_by_key", std::move(data), std::move(initial), false,
                             batches, std::move(partitioner), std::move(change), nothing);
  return make_state_pairs<owned_t<K>, S>("update_state_by_key", std::move(step), batches.to);
}

} // namespace caf_stream::lineage
