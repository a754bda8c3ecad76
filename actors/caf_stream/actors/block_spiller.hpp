#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The block spiller does what takes the block keeper too long: it writes records to disk, encodes
/// them, and removes files. Detached. The keeper gives it a few orders at a time, so its queue is
/// short. It has no state: the files belong to the context (blocks/spill_folder.hpp), and one that
/// takes its place is given the open orders again.
caf::actor spawn_block_spiller(caf::actor_system& system, environment_ptr context,
                               caf::actor keeper);

} // namespace caf_stream::actors
