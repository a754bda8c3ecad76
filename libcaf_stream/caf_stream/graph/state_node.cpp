#include "caf_stream/graph/state_node.hpp"

#include <algorithm>
#include <utility>

#include "caf_stream/base/error.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/state/state_partition.hpp"

namespace caf_stream::graph {

state_node::state_node(stream_graph& graph, node_description description, state_operation operation)
  : stream_node(graph, std::move(description), nullptr), operation_(std::move(operation)),
    begun_(stateful::no_batch), applied_(stateful::no_batch), previous_(stateful::no_batch) {}

void state_node::prepare() {
  if (remembered() > duration{0} && level() == storage_level::none)
    persist(storage_level::memory_and_disk, operation_.keep);
}

// Others may do the same at the same time; whoever comes to a batch first computes it, and the
// others wait for it there.
void state_node::catch_up(batch_time t) {
  for (;;) {
    batch_time next;
    {
      std::lock_guard guard{mutex_};
      next = std::max(begun_, graph().zero_time()) + slide();
    }
    if (next >= t)
      return;
    get_or_compute(next);
  }
}

lineage::dataset_ptr state_node::compute(batch_time t) {
  catch_up(t);
  batch_time from;
  {
    std::lock_guard guard{mutex_};
    if (t <= begun_)
      throw error{errc::invalid_state, "batch " + std::to_string(to_millis(t)) + " ms of " +
                                         label() +
                                         " is not remembered: the state has moved on to "
                                         "batch " +
                                         std::to_string(to_millis(begun_)) + " ms"};
    begun_ = t;
    from = applied_;
  }
  return operation_.step(from, t);
}

void state_node::settle(const lineage::dataset_ptr& set, batch_time t) {
  operation_.run(set);
  std::lock_guard guard{mutex_};
  previous_ = applied_;
  applied_ = t;
}

void state_node::end_batch(batch_time t, bool given_up) {
  std::lock_guard guard{mutex_};
  if (given_up && applied_ == t)
    applied_ = previous_;
}

batch_time state_node::read_through(batch_time t) const {
  std::lock_guard guard{mutex_};
  if (operation_.reads_again == duration{0})
    return std::max(begun_, graph().zero_time());
  return std::max({applied_, graph().zero_time(), t - operation_.reads_again});
}

} // namespace caf_stream::graph
