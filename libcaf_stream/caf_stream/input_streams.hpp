#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "caf_stream/graph/input_node.hpp"
#include "caf_stream/lineage/block_source.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/lineage/values_source.hpp"
#include "caf_stream/rdd_queue.hpp"
#include "caf_stream/stream_core.hpp"

// The typed sides of input streams: how decided blocks, or what waits in a queue, become a batch's
// data set.

namespace caf_stream {

/// A stream fed by a receiver.
template <class T>
class receiver_input final : public graph::input_node {
public:
  receiver_input(graph::stream_graph& graph, stream_id stream, graph::node_description description,
                 std::shared_ptr<ingest::receiver_source> source)
    : input_node(graph, stream, std::move(description)), source_(std::move(source)) {}

  const ingest::receiver_source* receiver() const noexcept override { return source_.get(); }

protected:
  lineage::dataset_ptr read_blocks(std::vector<std::vector<data::block_part>> partitions) override {
    return lineage::make_block_source<T>(std::move(partitions));
  }

private:
  std::shared_ptr<ingest::receiver_source> source_;
};

/// A stream fed by a queue on the driver.
template <class T>
class queue_input final : public graph::input_node {
public:
  queue_input(graph::stream_graph& graph, stream_id stream, graph::node_description description,
              rdd_queue<T> queue, bool one_at_a_time, lineage::dataset_ptr when_empty,
              std::uint32_t partitions)
    : input_node(graph, stream, std::move(description)), queue_(std::move(queue)),
      one_at_a_time_(one_at_a_time), when_empty_(std::move(when_empty)), partitions_(partitions) {}

  const ingest::receiver_source* receiver() const noexcept override { return nullptr; }
  bool has_waiting() const override { return queue_.size() != 0; }

protected:
  // The records of a data set are counted when they are read, not before: it may be a recipe.
  std::pair<lineage::dataset_ptr, std::int64_t> take(batch_time, bool last) override {
    std::vector<lineage::dataset_ptr> sets;
    std::int64_t records = 0;
    for (auto& item : queue_.take(last || !one_at_a_time_)) {
      if (auto* values = std::get_if<std::vector<owned_t<T>>>(&item)) {
        records += static_cast<std::int64_t>(values->size());
        sets.push_back(lineage::make_values<T>(std::move(*values), partitions_));
      } else {
        sets.push_back(std::get<lineage::dataset_ptr>(item));
        records += values_in(*sets.back());
      }
    }
    if (sets.empty())
      return {when_empty_ ? when_empty_ : lineage::make_values<T>({}, partitions_), 0};
    if (sets.size() == 1)
      return {sets[0], records};
    return {lineage::make_union(std::move(sets)), records};
  }

  lineage::dataset_ptr read_blocks(std::vector<std::vector<data::block_part>>) override {
    return lineage::make_values<T>({}, partitions_);
  }

private:
  static std::int64_t values_in(const lineage::dataset& set) {
    std::int64_t result = 0;
    for (partition_id p = 0; p < set.partitions(); ++p)
      result += static_cast<std::int64_t>(set.values(p).records());
    return result;
  }

  rdd_queue<T> queue_;
  bool one_at_a_time_;
  lineage::dataset_ptr when_empty_; // null: an empty one
  std::uint32_t partitions_;
};

} // namespace caf_stream
