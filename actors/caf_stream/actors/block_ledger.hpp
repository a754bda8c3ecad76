#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The block ledger accounts for blocks: which wait and which belong to which batch
/// (ingest/ledger.hpp). Before it decides a batch it has every block generator cut what is open, so
/// that what a receiver stored before the tick is in the batch.
caf::actor spawn_block_ledger(caf::actor_system& system, environment_ptr context);

} // namespace caf_stream::actors
