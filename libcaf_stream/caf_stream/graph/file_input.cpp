#include "caf_stream/graph/file_input.hpp"

#include <chrono>
#include <utility>

#include "caf_stream/base/log.hpp"

namespace caf_stream::graph {

file_input::file_input(stream_graph& graph, stream_id stream, node_description description,
                       std::unique_ptr<ingest::file_finder> finder, ingest::file_selector selector,
                       make_file_dataset make, lineage::report_lost_file report)
  : input_node(graph, stream, std::move(description)), finder_(std::move(finder)),
    at_start_(finder_->look()), selector_(std::move(selector)), make_(std::move(make)),
    report_(std::move(report)) {}

std::pair<lineage::dataset_ptr, std::int64_t> file_input::take(batch_time t, bool) {
  auto begin = std::chrono::steady_clock::now();
  auto found = std::exchange(at_start_, {});
  for (auto& file : finder_->look())
    found.push_back(std::move(file));
  auto selection = selector_.select(t, std::move(found));
  if (auto took = std::chrono::steady_clock::now() - begin; took > slide())
    log::warning("finding the files of ", label(), " took ",
                 std::chrono::duration_cast<duration>(took).count(),
                 " ms, longer than the time between batches; have fewer files in the folder");
  for (auto& file : selection.skipped)
    report_(file.path + " was skipped: " + file.why);
  return {make_(selection.files), 0}; // how many records they have is known when they are read
}

lineage::dataset_ptr file_input::read_blocks(std::vector<std::vector<data::block_part>>) {
  return make_({});
}

} // namespace caf_stream::graph
