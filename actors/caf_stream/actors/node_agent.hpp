#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The node agent owns what works on a node: the block keeper, the partition workers and the
/// receiver supervisors. A worker that dies is replaced, and so is a supervisor; with the keeper,
/// which has the only copy of its blocks, the agent itself ends.
caf::actor spawn_node_agent(caf::actor_system& system, environment_ptr context, caf::actor keeper,
                            caf::actor ledger, caf::actor bus);

} // namespace caf_stream::actors
