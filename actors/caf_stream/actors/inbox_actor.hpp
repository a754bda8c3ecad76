#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>

#include "caf_stream/actors/environment.hpp"
#include "caf_stream/ingest/record_inbox.hpp"

namespace caf_stream::actors {

/// Offers the records in a message to an inbox; nothing where the message holds none of its type.
using offer_message =
  std::function<std::optional<ingest::inbox_receipt>(caf::message& message, bool request)>;

/// The actor behind the handle of an `actor_stream`. It is there from the making of the stream to
/// its end, whatever becomes of the stream's receivers. What any actor sends it is offered to the
/// inbox; a request is answered when its records are stored, with nothing, or refused with an error
/// that says why. When the stream has ended it ends, and requests are answered with an error.
/// `name` is the stream's, for logs.
caf::actor spawn_inbox_actor(caf::actor_system& system, environment_ptr context,
                             std::shared_ptr<ingest::record_inbox> inbox, offer_message offer,
                             std::string name);

} // namespace caf_stream::actors
