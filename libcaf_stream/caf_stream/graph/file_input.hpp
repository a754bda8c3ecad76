#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "caf_stream/graph/input_node.hpp"
#include "caf_stream/lineage/file_source.hpp"

namespace caf_stream::graph {

/// Makes the data set of a batch's files.
using make_file_dataset =
  std::function<lineage::dataset_ptr(const std::vector<ingest::found_file>&)>;

/// A stream of files that are moved into folders. Each batch's files are picked when the batch is
/// decided, and read by its tasks. Files of the start are those that are there when this is made.
class file_input final : public input_node {
public:
  file_input(stream_graph& graph, stream_id stream, node_description description,
             std::unique_ptr<ingest::file_finder> finder, ingest::file_selector selector,
             make_file_dataset make, lineage::report_lost_file report);

  const ingest::receiver_source* receiver() const noexcept override { return nullptr; }

protected:
  std::pair<lineage::dataset_ptr, std::int64_t> take(batch_time t, bool last) override;
  lineage::dataset_ptr read_blocks(std::vector<std::vector<data::block_part>>) override;

private:
  std::unique_ptr<ingest::file_finder> finder_;
  std::vector<ingest::found_file> at_start_; // until the first batch
  ingest::file_selector selector_;
  make_file_dataset make_;
  lineage::report_lost_file report_;
};

} // namespace caf_stream::graph
