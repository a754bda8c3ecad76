#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/stream_intake.hpp"

namespace caf_stream::actors {

/// Whom a receiver supervisor works with.
struct receiver_supervisor_peers {
  caf::actor keeper;
  caf::actor ledger;
  caf::actor tracker;
};

/// The supervisor of one stream's receiver and block generator on this node. A receiver that fails
/// is started again after a delay that doubles (ingest/restart_policy.hpp), or given up; a block
/// generator that dies is replaced at once. Neither loses what the stream has taken in.
caf::actor spawn_receiver_supervisor(caf::actor_system& system, environment_ptr context,
                                     const ingest::receiver_source& source,
                                     std::shared_ptr<stream_intake> intake,
                                     receiver_supervisor_peers peers);

} // namespace caf_stream::actors
