#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// A partition worker runs tasks, one after the other, on a thread of its own (exec/run_task.hpp).
/// It has nothing that would be lost with it. `slot` is its place among the node's workers.
caf::actor spawn_partition_worker(caf::actor_system& system, environment_ptr context,
                                  caf::actor keeper, std::uint32_t slot);

} // namespace caf_stream::actors
