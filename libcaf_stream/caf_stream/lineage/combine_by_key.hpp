#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/map_side.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"
#include "caf_stream/shuffle/pieces.hpp"

// The shuffle that all operators by key are made of. A map task combines its records in one table
// and cuts it by partition at its end (map_side.hpp says when it does not); a reduce task merges
// the pieces, in the order of the map partitions, so that a batch run again gives the same.
//
//   map task 0   records -> table -> pieces 0.0  0.1
//   map task 1   records -> table -> pieces 1.0  1.1
//                        reduce 0: 0.0 + 1.0    reduce 1: 0.1 + 1.1

namespace caf_stream::lineage {

// Tables of both sides have seeds of their own: a table that is filled in the order of another one
// with the same seed crowds some of its slots.
inline constexpr std::uint64_t map_side_seed = 0;
inline constexpr std::uint64_t reduce_side_seed = 1;

/// Merges what map tasks have combined.
template <class Combiner>
void merge_pieces(const std::vector<data::payload>& pieces, const Combiner& combiner,
                  table_of<Combiner>& table) {
  using combined = typename Combiner::combined;
  using piece = shuffle::table_piece<typename Combiner::key, combined>;
  std::vector<std::shared_ptr<const piece>> opened;
  std::size_t sum = 0;
  for (auto& each : pieces)
    if (auto one = open_piece<piece>(each)) {
      sum += one->size();
      opened.push_back(std::move(one));
    }
  table.reserve(sum);
  for (auto& from : opened)
    table.upsert(
      from->size(), [&](std::size_t i) -> decltype(auto) { return from->key(i); },
      [&](std::size_t i) { return from->value(i); },
      [&](combined& acc, std::size_t i) { combiner.merge(acc, from->value(i)); });
}

/// Hands out what a table holds, which is filled when the first record is asked for.
template <class K, class C>
class table_cursor final : public data::cursor<std::pair<K, C>> {
public:
  using fill_table = std::function<void(shuffle::key_table<K, C>&)>;

  table_cursor(fill_table fill, data::table_seed seed) : fill_(std::move(fill)), table_(seed) {}

  std::span<const std::pair<K, C>> next() override {
    if (fill_)
      std::exchange(fill_, nullptr)(table_);
    out_.clear();
    auto n = table_.used_slots(at_, slots_.data(), slots_.size());
    for (std::size_t i = 0; i < n; ++i)
      out_.push_back(std::pair<data::key_view_t<K>, C&&>(table_.key_at(slots_[i]),
                                                         std::move(table_.value_at(slots_[i]))));
    return out_.view();
  }

private:
  fill_table fill_;
  shuffle::key_table<K, C> table_;
  std::size_t at_ = 0;
  std::array<std::uint32_t, data::chunk_size> slots_;
  data::chunk<std::pair<K, C>> out_;
};

/// The reduce side of a combiner: `fill(pieces, combiner, table)` combines what came.
template <class Combiner, class Fill>
open_pieces open_table(std::shared_ptr<const Combiner> combiner, Fill fill) {
  return [combiner = std::move(combiner), fill](const std::vector<data::payload>& pieces,
                                                task_context& context) {
    return std::make_unique<table_cursor<typename Combiner::key, typename Combiner::combined>>(
      [pieces, combiner, fill](auto& table) { fill(pieces, *combiner, table); },
      context.seed().derived(reduce_side_seed));
  };
}

/// The map side: combines and cuts by partition.
template <class T, combiner_for<T> Combiner, partitioner_for<typename Combiner::key> P>
write_pieces write_combined(std::shared_ptr<const Combiner> combiner,
                            std::shared_ptr<const P> partitioner) {
  return [combiner = std::move(combiner), partitioner = std::move(partitioner)](
           data::cursor_base& records, std::uint32_t, task_context& context) {
    map_side<T, Combiner, P> task{*combiner, *partitioner, context.seed().derived(map_side_seed)};
    return task.run(records);
  };
}

/// Records of T to pairs of a key and what all its records combine to.
template <class T, combiner_for<T> Combiner, partitioner_for<typename Combiner::key> P>
dataset_ptr make_combine_by_key(std::string operation, dataset_ptr parent,
                                std::shared_ptr<const Combiner> combiner,
                                std::shared_ptr<const P> partitioner) {
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  auto write = write_combined<T>(combiner, std::move(partitioner));
  return make_shuffled(std::move(operation), std::move(parent), partitions, std::move(write),
                       open_table(std::move(combiner), merge_pieces<Combiner>));
}

} // namespace caf_stream::lineage
