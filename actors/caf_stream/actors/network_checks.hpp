#pragma once

#include <string>
#include <vector>

#include <caf/fwd.hpp>

// A context may run in an actor system that the program has made, so its configuration is the
// program's. What CAF leaves off by default, and a context that has to do with other nodes needs,
// is told to the program.

namespace caf_stream::actors {

/// What the actor system lacks for talking to other nodes, a sentence each that says what to do.
/// Empty for a system without CAF's network module.
std::vector<std::string> network_warnings(const caf::actor_system& system);

/// Throws errc::invalid_argument where `receiver` is on another node and something in `content`,
/// what it is to be sent by `sender`, is of a type that the actor system does not know. CAF would
/// send half a message, and the other node would close the connection.
void check_can_be_sent(const caf::actor& receiver, const caf::message& content,
                       const std::string& sender);

} // namespace caf_stream::actors
