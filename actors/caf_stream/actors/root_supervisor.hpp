#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The root supervisor owns the driver's actors and this node's agent. It makes the agent at once
/// and the others when the streams begin, ends them in order, and announces the end of the context.
/// that dies on its own ends the context with an error: its process is to be started again.
caf::actor spawn_root_supervisor(caf::actor_system& system, environment_ptr context);

} // namespace caf_stream::actors
