#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/id_scope.hpp"

// What the groups of several batches come to. All were cut by key in the same way, so a key's
// groups are in partitions of the same number, and nothing is moved:
//
//   batch 1     0: (ann,[a])   1: (bob,[b])
//   batch 2     0: (ann,[c])   1: (eve,[d])
//   together    0: (ann,[a,c]) 1: (bob,[b]) (eve,[d])

namespace caf_stream::lineage {

/// Pairs of a key and a std::vector of its values, in sets of `partitions` partitions each.
template <class K, class V>
class merged_groups final : public dataset {
public:
  using values = std::vector<V>;

  merged_groups(std::vector<dataset_ptr> groups, std::uint32_t partitions)
    : dataset(next_dataset_id(), "group_by_key", narrow(std::move(groups)), partitions) {}

  data::any_cursor open(partition_id p, task_context& context) const override {
    auto inputs = std::make_shared<std::vector<data::any_cursor>>();
    for (auto& each : dependencies())
      inputs->push_back(context.open(*each.parent, p));
    return std::make_unique<table_cursor<K, values>>(
      [inputs](auto& table) {
        for (auto& input : *inputs)
          add(*input, table);
        inputs->clear();
      },
      context.seed().derived(reduce_side_seed));
  }

private:
  static std::vector<dependency> narrow(std::vector<dataset_ptr> groups) {
    std::vector<dependency> result;
    for (auto& each : groups)
      result.push_back({std::move(each), nullptr});
    return result;
  }

  static void add(data::cursor_base& groups, shuffle::key_table<K, values>& table) {
    auto& typed = data::typed<std::pair<K, values>>(groups);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      table.upsert(
        chunk.size(), [&](std::size_t i) -> const K& { return chunk[i].first; },
        [&](std::size_t i) { return chunk[i].second; },
        [&](values& found, std::size_t i) {
          auto& more = chunk[i].second;
          found.insert(found.end(), more.begin(), more.end());
        });
  }
};

/// One pair for each key of all sets, its values in the order of the sets. Requires that each set
/// was cut by key into `partitions` partitions, all in the same way.
template <class K, class V>
dataset_ptr merge_groups(std::vector<dataset_ptr> groups, std::uint32_t partitions) {
  return std::make_shared<const merged_groups<K, V>>(std::move(groups), partitions);
}

} // namespace caf_stream::lineage
