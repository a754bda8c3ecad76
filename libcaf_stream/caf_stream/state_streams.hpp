#pragma once

#include <functional>
#include <memory>
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

/// The same, for operators in the graph.
std::function<void(const lineage::dataset_ptr&)> state_runner(const core_ptr& core);

/// Keeps the records, of type U, of a batch.
template <class U>
graph::persist_dataset state_keeper() {
  return [](lineage::dataset_ptr set, storage_level level) {
    return lineage::make_persisted<U>(std::move(set), level);
  };
}

/// Adds an operator with state to the graph: see graph/state_node.hpp.
std::shared_ptr<graph::state_node> add_state_node(const core_ptr& core,
                                                  graph::node_description description,
                                                  graph::state_operation operation);

/// The same with records of type U, which are read from the state in place.
template <class U>
graph::node_ptr
add_state_node(const core_ptr& core, graph::node_description description,
               std::function<lineage::dataset_ptr(batch_time from, batch_time to)> step,
               duration reads_again = {}) {
  return add_state_node(core, std::move(description),
                        {std::move(step), state_runner(core), state_keeper<U>(), reads_again});
}

} // namespace caf_stream
