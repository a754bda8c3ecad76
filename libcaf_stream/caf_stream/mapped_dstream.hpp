#pragma once

#include "caf_stream/dstream.hpp"
#include "caf_stream/state_streams.hpp"

namespace caf_stream {

/// What map_with_state gives: the stream of what its function emits, and the state itself.
template <class M, class K, class S>
class mapped_dstream : public dstream<M> {
public:
  /// For the library.
  mapped_dstream(std::shared_ptr<graph::state_node> node, core_ptr core)
    : dstream<M>(node, std::move(core)), state_(std::move(node)) {}

  /// All keys and their states, as each batch leaves them.
  dstream<std::pair<K, S>>
  state_snapshots(source_location where = source_location::current()) const {
    using pairs = std::pair<K, S>;
    auto& core = this->core();
    graph::node_description description;
    description.kind = "state_snapshots";
    description.parents = {state_};
    description.slide = state_->slide();
    description.ordered = true;
    description.where = where;
    auto compute = [parent = state_](batch_time t) {
      return lineage::make_state_pairs<K, S>("state_snapshots", parent->get_or_compute(t), t);
    };
    auto view = std::make_shared<graph::state_view_node>(
      *core->graph, std::move(description), compute, state_runner(core), state_keeper<pairs>());
    core->graph->add(view);
    state_->add_view(view);
    return {std::move(view), core};
  }

  mapped_dstream persist(storage_level level = storage_level::memory_only) const {
    dstream<M>::persist(level);
    return *this;
  }
  mapped_dstream cache() const { return persist(); }
  mapped_dstream checkpoint(duration interval) const {
    dstream<M>::checkpoint(interval);
    return *this;
  }
  mapped_dstream named(std::string uid) const {
    dstream<M>::named(std::move(uid));
    return *this;
  }

private:
  std::shared_ptr<graph::state_node> state_;
};

} // namespace caf_stream
