#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The listener bus calls the listeners of a context, one event at a time and in order, on a thread
/// of its own. What a listener throws is logged.
caf::actor spawn_listener_bus(caf::actor_system& system, environment_ptr context);

} // namespace caf_stream::actors
