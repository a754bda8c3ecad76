#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/stream_intake.hpp"

namespace caf_stream::actors {

/// The actor of one life of a receiver: makes it, starts it and stops it, on a thread of its own,
/// so that a receiver that blocks delays nobody else. However the actor ends, a receiver that was
/// started is stopped.
caf::actor spawn_receiver(caf::actor_system& system, environment_ptr context,
                          const ingest::receiver_source& source,
                          std::shared_ptr<receiver_life> life, caf::actor supervisor);

} // namespace caf_stream::actors
