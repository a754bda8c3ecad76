#pragma once

#include <cstdint>

namespace caf_stream::bench {

/// A socket that waits for clients on a port of loopback that the system chose.
struct loopback_listener {
  int socket = -1;
  std::uint16_t port = 0;
};

/// Throws `failure` if there is no port to be had. Whoever calls it closes the socket.
loopback_listener listen_on_loopback();

} // namespace caf_stream::bench
