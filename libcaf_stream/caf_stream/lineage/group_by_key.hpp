#pragma once

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/key_groups.hpp"

namespace caf_stream::lineage {

/// Groups when the first record is asked for.
template <class K, class V>
class group_cursor final : public data::cursor<std::pair<K, std::vector<V>>> {
public:
  group_cursor(const std::vector<data::payload>& pieces, data::table_seed seed)
    : pieces_(pieces), groups_(seed) {}

  std::span<const std::pair<K, std::vector<V>>> next() override {
    if (!std::exchange(grouped_, true))
      groups_.template add<0>(std::exchange(pieces_, {}));
    out_.clear();
    for (std::uint32_t slot; out_.size() < keys_at_once && groups_.next_slot(at_, slot);)
      out_.push_back(std::pair{groups_.key(slot), groups_.template values<0>(slot)});
    return out_.view();
  }

private:
  static constexpr std::size_t keys_at_once = 128; // their values are copied to be handed on

  std::vector<data::payload> pieces_;
  key_groups<K, V> groups_;
  bool grouped_ = false;
  std::size_t at_ = 0;
  data::chunk<std::pair<K, std::vector<V>>> out_;
};

/// Pairs (k, v) to one pair (k, all values of k) for each key; the values in the order of the
/// parent's partitions. Keys and values are owned in what comes out.
template <class K, class V, class P>
dataset_ptr make_group_by_key(dataset_ptr parent, std::shared_ptr<const P> partitioner) {
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  auto open = [](const std::vector<data::payload>& pieces, task_context& context) {
    return std::make_unique<group_cursor<owned_t<K>, owned_t<V>>>(
      pieces, context.seed().derived(reduce_side_seed));
  };
  return make_shuffled("group_by_key", std::move(parent), partitions,
                       write_pairs<K, V>(std::move(partitioner)), open);
}

} // namespace caf_stream::lineage
