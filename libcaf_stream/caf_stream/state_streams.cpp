#include "caf_stream/state_streams.hpp"

#include "caf_stream/engine/actions.hpp"

namespace caf_stream {

void run_state_step(engine::job_engine& engine, const lineage::dataset_ptr& set) {
  auto nothing = [](partition_id, data::cursor_base&, lineage::task_context&) {
    return data::payload{};
  };
  engine::run_on_all(engine, set, nothing, set->operation());
}

std::function<void(const lineage::dataset_ptr&)> state_runner(const core_ptr& core) {
  return [engine = weak_engine{core}](const lineage::dataset_ptr& set) {
    run_state_step(*engine.lock(), set);
  };
}

std::shared_ptr<graph::state_node> add_state_node(const core_ptr& core,
                                                  graph::node_description description,
                                                  graph::state_operation operation) {
  description.ordered = true;
  auto& graph = *core->graph;
  auto node =
    std::make_shared<graph::state_node>(graph, std::move(description), std::move(operation));
  graph.add(node);
  return node;
}

} // namespace caf_stream
