#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// A job runner runs outputs: it compiles the graph for the batch and runs the user's code of the
/// driver, `transform` functions and what is given to `foreach_rdd`, on a thread of its own. There
/// are `concurrent-jobs` of them. Their actions wait for workers in actor_engine::run.
caf::actor spawn_job_runner(caf::actor_system& system, environment_ptr context,
                            caf::actor scheduler);

} // namespace caf_stream::actors
