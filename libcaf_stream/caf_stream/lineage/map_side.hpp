#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/data/cursor.hpp"
#include "caf_stream/data/hash_table.hpp"
#include "caf_stream/shuffle/pieces.hpp"

// The map side of a shuffle that combines records by key. Where nearly every record has a key of
// its own, combining costs as much as it does on the reduce side, and spares that nothing. So after
// its first records a map task looks how many keys they had. If nearly as many as there were, it
// passes a number of records on as they are, for keys and values that are cheap to copy, and
// combines the rest:
//
//   records    0 .. 65,535      .. 524,287        .. the last
//   combined        yes             no                yes

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

template <class Combiner>
using table_of = shuffle::key_table<typename Combiner::key, typename Combiner::combined>;

/// Combines some records of T in `table`.
template <class T, combiner_for<T> Combiner>
void combine_chunk(std::span<const T> chunk, const Combiner& combiner, table_of<Combiner>& table) {
  auto key_at = [&](std::size_t i) -> decltype(auto) { return combiner.key_of(chunk[i]); };
  auto create = [&](std::size_t i) { return combiner.create(chunk[i]); };
  auto add = [&](auto& acc, std::size_t i) { combiner.add(acc, chunk[i]); };
  // Views that are part of the records are read where they stand.
  if constexpr (std::is_same_v<decltype(key_at(0)), const std::string_view&>)
    table.upsert(chunk.size(), data::strided<std::string_view>{&key_at(0), sizeof(T)}, create, add);
  else
    table.upsert(chunk.size(), key_at, create, add);
}

/// Combines all records of T in `table`.
template <class T, combiner_for<T> Combiner>
void combine_records(data::cursor_base& records, const Combiner& combiner,
                     table_of<Combiner>& table) {
  auto& typed = data::typed<T>(records);
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    combine_chunk<T>(chunk, combiner, table);
}

/// Makes the pieces of one map task.
template <class T, combiner_for<T> Combiner, partitioner_for<typename Combiner::key> P>
class map_side {
public:
  map_side(const Combiner& combiner, const P& partitioner, data::table_seed seed)
    : combiner_(combiner), partitioner_(partitioner), seed_(seed),
      table_(std::make_shared<table>(seed)) {}

  std::vector<data::payload> run(data::cursor_base& records) {
    auto& typed = data::typed<T>(records);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next()) {
      if (to_pass_ == 0) {
        combine_chunk<T>(chunk, combiner_, *table_);
        look_at(chunk.size());
      } else {
        pass(chunk);
        to_pass_ -= std::min(to_pass_, chunk.size());
      }
    }
    return shuffle::cut_table<K, C>(std::move(table_), partitioner_, std::move(passed_));
  }

private:
  using K = typename Combiner::key;
  using C = typename Combiner::combined;
  using table = table_of<Combiner>;

  static constexpr bool may_pass = std::is_trivially_copyable_v<K> &&
                                   std::is_trivially_copyable_v<C> && sizeof(std::pair<K, C>) <= 32;
  static constexpr std::size_t looked_at = std::size_t{1} << 16;
  static constexpr std::size_t most_passed = 7 * looked_at;

  // Decides once, when enough records have been combined. What the table has comes before what is
  // passed on, as the records did.
  void look_at(std::size_t more) {
    if constexpr (may_pass) {
      auto before = std::exchange(combined_, combined_ + more);
      if (before >= looked_at || combined_ < looked_at || table_->size() < combined_ / 16 * 15)
        return;
      to_pass_ = most_passed;
      passed_.resize(partitioner_.count());
      table_->for_each([&](const auto& key, const C& value) { pass(key, value); });
      table_ = std::make_shared<table>(seed_);
    }
  }

  void pass(std::span<const T> chunk) {
    if constexpr (may_pass)
      for (auto& record : chunk)
        pass(combiner_.key_of(record), combiner_.create(record));
  }

  template <class Key>
  void pass(const Key& key, const C& value) {
    passed_[shuffle::partition_of<K>(partitioner_, key)].emplace_back(key, value);
  }

  const Combiner& combiner_;
  const P& partitioner_;
  data::table_seed seed_;
  std::shared_ptr<table> table_;
  shuffle::pairs_by_partition<K, C> passed_;
  std::size_t combined_ = 0; // records
  std::size_t to_pass_ = 0;
};

} // namespace caf_stream::lineage
