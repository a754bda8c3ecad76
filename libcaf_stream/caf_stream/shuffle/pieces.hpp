#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/codec/columns.hpp"
#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/shuffle/key_table.hpp"
#include "caf_stream/shuffle/partitioner.hpp"

// What a map task holds for a reduce task when records are combined by key on the map side. Such a
// task fills one table; each piece names the slots that belong to its target, and all pieces share
// the table. So within a process no key and no value is copied to be shuffled:
//
//   table   | the,3 | | cat,1 | sat,1 | | on,2 |
//   pieces    [0, 5]   (the, on)      [2, 3]   (cat, sat)
//
// A piece that came from another process holds its pairs itself, and so does one for whose records
// combining was not worth it: before what is in the table it has pairs, whose keys may come again.

namespace caf_stream::shuffle {

template <class K, class C>
class table_piece {
public:
  using table = key_table<K, C>;
  using key_view = data::key_view_t<K>;

  table_piece() = default;
  table_piece(std::shared_ptr<const table> entries, std::vector<std::uint32_t> slots)
    : table_(std::move(entries)), slots_(std::move(slots)) {}
  explicit table_piece(std::vector<std::pair<K, C>> pairs) : pairs_(std::move(pairs)) {}

  table_piece(std::vector<std::pair<K, C>> pairs, std::shared_ptr<const table> entries,
              std::vector<std::uint32_t> slots)
    : table_(std::move(entries)), slots_(std::move(slots)), pairs_(std::move(pairs)) {}

  std::size_t size() const noexcept { return pairs_.size() + slots_.size(); }

  key_view key(std::size_t i) const {
    return i < pairs_.size() ? pairs_[i].first : table_->key_at(slots_[i - pairs_.size()]);
  }
  const C& value(std::size_t i) const {
    return i < pairs_.size() ? pairs_[i].second : table_->value_at(slots_[i - pairs_.size()]);
  }

  /// Calls f(key, value) for each pair, in order.
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t i = 0; i < size(); ++i)
      f(key(i), value(i));
  }

private:
  std::shared_ptr<const table> table_; // null where there are no slots
  std::vector<std::uint32_t> slots_;
  std::vector<std::pair<K, C>> pairs_; // come first
};

/// Pairs by partition.
template <class K, class C>
using pairs_by_partition = std::vector<std::vector<std::pair<K, C>>>;

/// Cuts a table by partition: one payload of a `table_piece<K, C>` each, empty where there is
/// nothing. The partitioner is asked once a key. `first`, if there are any, come before the table.
template <class K, class C, class P>
std::vector<data::payload> cut_table(std::shared_ptr<const key_table<K, C>> table,
                                     const P& partitioner, pairs_by_partition<K, C> first = {}) {
  std::uint32_t count = partitioner.count();
  first.resize(count);
  std::vector<std::vector<std::uint32_t>> slots(count);
  for (auto& each : slots)
    each.reserve(table->size() / count + table->size() / count / 8 + 8);
  std::vector<std::uint64_t> held(count, 0); // by values, outside the table
  table->for_each_slot([&](std::uint32_t slot) {
    auto target = partition_of<K>(partitioner, table->key_at(slot));
    slots[target].push_back(slot);
    if constexpr (!codec::has_fixed_footprint_v<C>)
      held[target] += codec::heap_of(table->value_at(slot));
  });
  std::vector<data::payload> result(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto n = slots[i].size();
    auto all = n + first[i].size();
    if (all == 0)
      continue;
    auto bytes = n * sizeof(std::uint32_t) + held[i] + codec::footprint(first[i]);
    if (n != 0)
      bytes += table->memory_bytes() / table->size() * n;
    result[i] = data::payload::make(
      table_piece<K, C>{std::move(first[i]), n == 0 ? nullptr : table, std::move(slots[i])}, all,
      bytes);
  }
  return result;
}

} // namespace caf_stream::shuffle

namespace caf_stream::data {

template <class K, class C>
struct payload_traits<shuffle::table_piece<K, C>> {
  static constexpr bool encodable = codec::is_encodable_v<std::pair<K, C>>;

  static void encode(const shuffle::table_piece<K, C>& x, codec::bytes& out) {
    using key = std::remove_cvref_t<key_view_t<K>>; // strings are written from where they are
    std::vector<std::pair<key, C>> pairs;
    pairs.reserve(x.size());
    x.for_each([&](const auto& k, const C& v) { pairs.emplace_back(k, v); });
    codec::append_records<std::pair<key, C>>(out, std::span<const std::pair<key, C>>{pairs});
  }

  static result<shuffle::table_piece<K, C>> decode(std::string_view in) {
    auto pairs = codec::decode_records<std::pair<K, C>>(in);
    if (!pairs)
      return tl::unexpected<error>{pairs.error()};
    return shuffle::table_piece<K, C>{*std::move(pairs)};
  }
};

} // namespace caf_stream::data
