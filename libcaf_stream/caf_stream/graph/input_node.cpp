#include "caf_stream/graph/input_node.hpp"

#include <algorithm>

#include "caf_stream/base/error.hpp"
#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::graph {

input_node::input_node(stream_graph& graph, stream_id stream, node_description description)
  : stream_node(graph, std::move(description), nullptr), stream_(stream) {}

void input_node::decide(batch_time t, std::vector<data::block_info> blocks, std::uint32_t workers,
                        bool last) {
  decided_input input;
  if (receiver() != nullptr) {
    for (auto& block : blocks)
      input.records += static_cast<std::int64_t>(block.records);
    input.partitions = data::pack_blocks(blocks, workers);
    input.blocks = std::move(blocks);
  } else {
    lineage::id_scope scope{id(), t};
    std::tie(input.set, input.records) = take(t, last);
  }
  std::lock_guard guard{mutex_};
  decided_.emplace(t, std::move(input));
}

std::int64_t input_node::records(batch_time t) const {
  std::lock_guard guard{mutex_};
  auto i = decided_.find(t);
  return i == decided_.end() ? 0 : i->second.records;
}

lineage::dataset_ptr input_node::compute(batch_time t) {
  std::vector<std::vector<data::block_part>> partitions;
  {
    std::lock_guard guard{mutex_};
    auto i = decided_.find(t);
    if (i != decided_.end() && i->second.set != nullptr)
      return i->second.set;
    if (i != decided_.end())
      partitions = i->second.partitions;
    else if (t <= forgotten_input_)
      throw error{errc::invalid_state, "the input of batch " + std::to_string(to_millis(t)) +
                                         " ms of " + label() + " is not kept any more"};
  }
  return read_blocks(std::move(partitions));
}

std::pair<lineage::dataset_ptr, std::int64_t> input_node::take(batch_time, bool) {
  return {nullptr, 0};
}

std::vector<block_id> input_node::forget_input_through(batch_time t) {
  std::vector<block_id> result;
  std::lock_guard guard{mutex_};
  auto end = decided_.upper_bound(t);
  for (auto i = decided_.begin(); i != end; ++i)
    for (auto& block : i->second.blocks)
      result.push_back(block.id);
  decided_.erase(decided_.begin(), end);
  forgotten_input_ = std::max(forgotten_input_, t);
  return result;
}

} // namespace caf_stream::graph
