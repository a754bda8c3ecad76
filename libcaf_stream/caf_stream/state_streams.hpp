#pragma once

#include <functional>
#include <utility>

#include "caf_stream/engine/engine.hpp"
#include "caf_stream/graph/state_node.hpp"
#include "caf_stream/lineage/persist.hpp"
#include "caf_stream/stream_core.hpp"

// How the typed layer adds operators with state.

namespace caf_stream {

/// Computes all partitions of a data set, and reads none of its records: what it changes in place
/// is changed then. Throws as job_engine::run does.
void run_state_step(engine::job_engine& engine, const lineage::dataset_ptr& set);

/// Adds an operator with records of type U to the graph: see graph/state_node.hpp.
template <class U>
graph::node_ptr
add_state_node(const core_ptr& core, graph::node_description description,
               std::function<lineage::dataset_ptr(batch_time from, batch_time to)> step,
               duration reads_again = {}) {
  graph::state_operation operation;
  operation.step = std::move(step);
  operation.run = [engine = weak_engine{core}](const lineage::dataset_ptr& set) {
    run_state_step(*engine.lock(), set);
  };
  operation.keep = [](lineage::dataset_ptr set, storage_level level) {
    return lineage::make_persisted<U>(std::move(set), level);
  };
  operation.reads_again = reads_again;
  description.ordered = true;
  auto& graph = *core->graph;
  return graph.add(
    std::make_shared<graph::state_node>(graph, std::move(description), std::move(operation)));
}

} // namespace caf_stream
