#pragma once

#include <functional>
#include <memory>
#include <string>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/fwd.hpp>

#include "caf_stream/actors/environment.hpp"
#include "caf_stream/ingest/record_inbox.hpp"

// An actor of the program's as the receiver of a stream. Each start of the receiver makes one, by
// the program's function, and each end ends it; an actor that fails is a receiver that fails. What
// it stores goes into the inbox of the stream, which outlives it.
//
//   anybody ──> relay ──> the program's actor ──helper.store──> inbox ──> blocks

namespace caf_stream::actors {

/// The program's function: what an actor does first, and how it answers messages.
using actor_body = std::function<caf::behavior(caf::event_based_actor*)>;

/// The actor behind the handle: passes what it is sent on to whoever is the receiver now, and keeps
/// up to a thousand messages while there is none. It ends with `inbox_actor`.
caf::actor spawn_relay(caf::actor_system& system, environment_ptr context,
                       std::shared_ptr<ingest::record_inbox> inbox, caf::actor inbox_actor);

/// Receivers that run `body` in an actor of `system` and tell `relay` of it.
std::shared_ptr<ingest::receiver_source>
own_receiver_source(caf::actor_system& system, environment_ptr context, std::string kind,
                    std::shared_ptr<ingest::record_inbox> inbox, storage_level level,
                    caf::actor relay, actor_body body);

} // namespace caf_stream::actors
