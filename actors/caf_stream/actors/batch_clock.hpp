#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The batch clock says when a batch is due: at every multiple of the batch interval after
/// `context->graph->zero_time()`, once each and in order. Ticks that were missed, because the
/// machine slept or was slow, fire with their nominal times.
caf::actor spawn_batch_clock(caf::actor_system& system, environment_ptr context,
                             caf::actor scheduler);

} // namespace caf_stream::actors
