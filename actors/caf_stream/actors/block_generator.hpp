#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/stream_intake.hpp"

namespace caf_stream::actors {

/// A block generator moves the blocks of one stream, in order and one at a time, from the intake to
/// the block keeper and into the block ledger. It cuts the open block when a batch is due and every
/// block interval. While the keeper has no room it waits, and so, in the end, does the receiver.
caf::actor spawn_block_generator(caf::actor_system& system, environment_ptr context,
                                 std::shared_ptr<stream_intake> intake, caf::actor keeper,
                                 caf::actor ledger);

} // namespace caf_stream::actors
