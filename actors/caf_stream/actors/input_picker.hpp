#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "caf_stream/actors/environment.hpp"

namespace caf_stream::actors {

/// The input picker fixes what each stream gives to a batch. It looks into folders and calls the
/// program's filters, which may take long, so it has a thread of its own: meanwhile ticks cut
/// blocks, and earlier batches go on. One batch after the other.
caf::actor spawn_input_picker(caf::actor_system& system, environment_ptr context);

} // namespace caf_stream::actors
