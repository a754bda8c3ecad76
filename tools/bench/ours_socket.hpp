#pragma once

#include "socket_run.hpp"

#include <cstdint>

namespace caf_stream::bench {

/// `socket_text_stream` from `port` on loopback with `count` as its output, in batches of 20 ms on
/// the real clock, until the batches have counted `lines` lines.
socket_run ours_read_lines(std::uint16_t port, std::int64_t lines, unsigned workers);

} // namespace caf_stream::bench
