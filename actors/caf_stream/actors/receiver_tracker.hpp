#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// Whom the receiver tracker works with.
struct receiver_tracker_peers {
  caf::actor agent;
  caf::actor ledger;
  caf::actor scheduler;
  caf::actor bus;
  caf::actor root;
};

/// The receiver tracker knows where each receiver runs and how it is. It has receivers started on
/// nodes, tells listeners of them, and, at the end, has them ended and tells the batch scheduler
/// when the last one has. With backpressure it estimates each stream's rate after each batch.
caf::actor spawn_receiver_tracker(caf::actor_system& system, environment_ptr context,
                                  receiver_tracker_peers peers);

} // namespace caf_stream::actors
