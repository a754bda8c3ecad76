#pragma once

#include "caf_stream/base/time.hpp"

namespace caf_stream::receivers {

/// What is done when the server has closed the connection.
enum class on_end_of_connection {
  reconnect,
  stop, ///< the stream is at its end
};

/// How receivers that read from a TCP server connect to it.
struct socket_options {
  on_end_of_connection when_closed = on_end_of_connection::reconnect;
  duration connect_deadline{5'000};
  duration first_delay{100};     ///< between attempts to connect; doubles
  duration longest_delay{2'000}; ///< and stays there
};

} // namespace caf_stream::receivers
