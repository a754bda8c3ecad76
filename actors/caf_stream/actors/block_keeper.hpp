#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The block keeper has what a node keeps (blocks/block_store.hpp): blocks of receivers, kept
/// partitions, pieces of shuffles. It gives tasks their inputs and passes them on to the workers.
/// What the store wants written or encoded is done by the block spiller. A block for which there is
/// no room in memory nor on disk waits here until others are forgotten.
caf::actor spawn_block_keeper(caf::actor_system& system, environment_ptr context);

} // namespace caf_stream::actors
