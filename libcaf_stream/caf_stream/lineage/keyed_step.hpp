#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/key_groups.hpp"
#include "caf_stream/lineage/state_step.hpp"
#include "caf_stream/state/keyed_state.hpp"

// What update_state_by_key and map_with_state have in common: a state by key, which lies in
// partitions as the keys of a shuffle do, and begins with pairs that the program gives:
//
//   data     ══ (0) ═╗
//                    ╠═ step, partition p: state of p       (1) is read in the first batch only
//   initial  ══ (1) ═╝

namespace caf_stream::lineage {

/// The pairs that a state by key begins with, and how they are cut; null sets for none.
struct initial_pairs {
  dataset_ptr set;
  std::shared_ptr<const shuffle_writer> writer;
};

/// `set` has records of a pair of K and S, or views of them.
template <class K, class S, class P>
initial_pairs make_initial_pairs(dataset_ptr set, std::shared_ptr<const P> partitioner) {
  return {std::move(set), make_writer(write_pairs<K, S>(std::move(partitioner)))};
}

/// Reads the pieces of `initial`. Of several states of a key the last one counts. With `touch` they
/// count as touched in this batch.
template <class K, class S>
void load_initial(stateful::keyed_state<K, S>& to, const std::vector<data::payload>& pieces,
                  bool touch) {
  for (auto& piece : pieces) {
    auto list = open_piece<data::record_list<std::pair<K, S>>>(piece);
    if (list == nullptr)
      continue;
    auto& pairs = list->items;
    to.visit(
      pairs.size(), [&](std::size_t i) -> const K& { return pairs[i].first; },
      [&](std::size_t i, auto& cell) {
        if (touch)
          cell.set(pairs[i].second);
        else
          cell.load(pairs[i].second);
      });
  }
}

/// A key as programs see it: a table shows text as a view. Good until the next one is shown.
template <class K>
class shown_key {
public:
  const K& operator()(const K& key) { return key; }
};

template <>
class shown_key<std::string> {
public:
  const std::string& operator()(std::string_view key) { return text_ = key; }

private:
  std::string text_;
};

/// Changes a state by key: `change(state, data, context)`, with the pieces of the data, which are
/// lists of pairs of K and V.
template <class K, class V, class S, class P, class Change>
dataset_ptr make_keyed_step(std::string operation, dataset_ptr data, initial_pairs initial,
                            bool touch_initial, state_batches batches,
                            std::shared_ptr<const P> partitioner, Change change,
                            open_records open) {
  using keyed = stateful::keyed_state<owned_t<K>, S>;
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  const bool loads = batches.from == stateful::no_batch && initial.set != nullptr;
  std::vector<dependency> inputs{
    {std::move(data), make_writer(write_pairs<K, V>(std::move(partitioner)))}};
  if (loads)
    inputs.push_back({std::move(initial.set), std::move(initial.writer)});
  auto make = [](data::table_seed seed) { return std::make_shared<keyed>(seed); };
  auto change_all = [loads, touch_initial, change = std::move(change)](
                      stateful::state_partition& partition, partition_id p, const dataset& step,
                      task_context& context) {
    auto& state = static_cast<keyed&>(partition);
    if (loads)
      load_initial(state, context.pieces(step.id(), 1, p), touch_initial);
    return change(state, context.pieces(step.id(), 0, p), context);
  };
  return make_state_step(std::move(operation), std::move(inputs), partitions, batches, make,
                         std::move(change_all), std::move(open));
}

/// Walks through a state by key: records are pairs of K and S.
template <class K, class S>
class state_cursor final : public data::cursor<std::pair<K, S>> {
public:
  explicit state_cursor(stateful::state_reading reading) : reading_(std::move(reading)) {}

  std::span<const std::pair<K, S>> next() override {
    auto& state = static_cast<const stateful::keyed_state<K, S>&>(reading_.partition());
    out_.clear();
    auto n = state.next_slots(at_, slots_.data(), slots_.size());
    for (std::size_t i = 0; i < n; ++i)
      out_.push_back(std::pair<data::key_view_t<K>, const S&>(state.key_at(slots_[i]),
                                                              state.state_at(slots_[i])));
    return out_.view();
  }

private:
  stateful::state_reading reading_;
  std::size_t at_ = 0;
  std::array<std::uint32_t, data::chunk_size> slots_;
  data::chunk<std::pair<K, S>> out_;
};

/// All keys and their states, as `step` leaves them in the batch at `version`.
template <class K, class S>
dataset_ptr make_state_pairs(std::string operation, dataset_ptr step, batch_time version) {
  return make_state_reader(std::move(operation), std::move(step), version,
                           [](stateful::state_reading reading) {
                             return std::make_unique<state_cursor<K, S>>(std::move(reading));
                           });
}

} // namespace caf_stream::lineage
