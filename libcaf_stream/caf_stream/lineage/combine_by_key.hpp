#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <span>
#include <utility>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"
#include "caf_stream/shuffle/pieces.hpp"

// The shuffle that all operators by key are made of. A map task combines its records in one table
// and cuts it by partition at its end; a reduce task merges the pieces, in the order of the map
// partitions, so that a batch run again gives the same.
//
//   map task 0   records -> table -> pieces 0.0  0.1
//   map task 1   records -> table -> pieces 1.0  1.1
//                        reduce 0: 0.0 + 1.0    reduce 1: 0.1 + 1.1

namespace caf_stream::lineage {

/// How records of T are combined by key. Called as const from several threads.
template <class C, class T>
concept combiner_for = requires(const C& c, const T& record, typename C::combined& acc,
                                const typename C::combined& other) {
  typename C::key;  // owned
  c.key_of(record); // a reference to the key, or a view of it
  { c.create(record) } -> std::same_as<typename C::combined>;
  c.add(acc, record);
  c.merge(acc, other);
};

// Tables of both sides have seeds of their own: a table that is filled in the order of another one
// with the same seed crowds some of its slots.
inline constexpr std::uint64_t map_side_seed = 0;
inline constexpr std::uint64_t reduce_side_seed = 1;

template <class T, combiner_for<T> Combiner>
auto combine_records(data::cursor_base& records, const Combiner& combiner, data::table_seed seed) {
  using table = shuffle::key_table<typename Combiner::key, typename Combiner::combined>;
  auto& typed = data::typed<T>(records);
  auto result = std::make_shared<table>(seed);
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next()) {
    auto key_at = [&](std::size_t i) -> decltype(auto) { return combiner.key_of(chunk[i]); };
    auto create = [&](std::size_t i) { return combiner.create(chunk[i]); };
    auto add = [&](auto& acc, std::size_t i) { combiner.add(acc, chunk[i]); };
    // Views that are part of the records are read where they stand.
    if constexpr (std::is_same_v<decltype(key_at(0)), const std::string_view&>)
      result->upsert(chunk.size(), data::strided<std::string_view>{&key_at(0), sizeof(T)}, create,
                     add);
    else
      result->upsert(chunk.size(), key_at, create, add);
  }
  return result;
}

/// Merges the pieces when the first record is asked for and hands out what the table holds.
template <class Combiner>
class merge_cursor final
  : public data::cursor<std::pair<typename Combiner::key, typename Combiner::combined>> {
public:
  using K = typename Combiner::key;
  using C = typename Combiner::combined;
  using piece = shuffle::table_piece<K, C>;

  merge_cursor(const std::vector<data::payload>& pieces, std::shared_ptr<const Combiner> combiner,
               data::table_seed seed)
    : pieces_(pieces), combiner_(std::move(combiner)), table_(seed) {}

  std::span<const std::pair<K, C>> next() override {
    if (!std::exchange(merged_, true))
      merge();
    out_.clear();
    auto n = table_.used_slots(at_, slots_.data(), slots_.size());
    for (std::size_t i = 0; i < n; ++i)
      out_.push_back(std::pair<data::key_view_t<K>, C&&>(table_.key_at(slots_[i]),
                                                         std::move(table_.value_at(slots_[i]))));
    return out_.view();
  }

private:
  void merge() {
    std::vector<std::shared_ptr<const piece>> pieces;
    std::size_t sum = 0;
    for (auto& each : pieces_)
      if (auto opened = open_piece<piece>(each)) {
        sum += opened->size();
        pieces.push_back(std::move(opened));
      }
    table_.reserve(sum);
    for (auto& from : pieces)
      table_.upsert(
        from->size(), [&](std::size_t i) -> decltype(auto) { return from->key(i); },
        [&](std::size_t i) { return from->value(i); },
        [&](C& acc, std::size_t i) { combiner_->merge(acc, from->value(i)); });
    pieces_.clear();
  }

  std::vector<data::payload> pieces_;
  std::shared_ptr<const Combiner> combiner_;
  shuffle::key_table<K, C> table_;
  bool merged_ = false;
  std::size_t at_ = 0;
  std::array<std::uint32_t, data::chunk_size> slots_;
  data::chunk<std::pair<K, C>> out_;
};

/// The map side: a table of all keys, cut by partition.
template <class T, combiner_for<T> Combiner, partitioner_for<typename Combiner::key> P>
write_pieces write_combined(std::shared_ptr<const Combiner> combiner,
                            std::shared_ptr<const P> partitioner) {
  return [combiner = std::move(combiner), partitioner = std::move(partitioner)](
           data::cursor_base& records, std::uint32_t, task_context& context) {
    auto table = combine_records<T>(records, *combiner, context.seed().derived(map_side_seed));
    return shuffle::cut_table<typename Combiner::key, typename Combiner::combined>(std::move(table),
                                                                                   *partitioner);
  };
}

/// Records of T to pairs of a key and what all its records combine to.
template <class T, combiner_for<T> Combiner, partitioner_for<typename Combiner::key> P>
dataset_ptr make_combine_by_key(std::string operation, dataset_ptr parent,
                                std::shared_ptr<const Combiner> combiner,
                                std::shared_ptr<const P> partitioner) {
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  auto write = write_combined<T>(combiner, std::move(partitioner));
  auto open = [combiner](const std::vector<data::payload>& pieces, task_context& context) {
    return std::make_unique<merge_cursor<Combiner>>(pieces, combiner,
                                                    context.seed().derived(reduce_side_seed));
  };
  return make_shuffled(std::move(operation), std::move(parent), partitions, std::move(write),
                       std::move(open));
}

} // namespace caf_stream::lineage
