#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// Whom the batch scheduler works with.
struct batch_scheduler_peers {
  caf::actor ledger;
  caf::actor keeper;
  caf::actor picker;
  caf::actor bus;
  caf::actor root;
};

/// The batch scheduler leads each batch through its life (batch/scheduler_core.hpp): has it decided
/// by the block ledger and the input picker, hands its outputs to job runners, tells listeners, and
/// has forgotten what no later batch looks back at. The root sends it the batch clock, the job
/// runners and, with backpressure, the receiver tracker with `meet_clock`, `meet_runner` and
/// `meet_tracker`.
caf::actor spawn_batch_scheduler(caf::actor_system& system, environment_ptr context,
                                 batch_scheduler_peers peers);

} // namespace caf_stream::actors
