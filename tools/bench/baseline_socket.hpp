#pragma once

#include "socket_run.hpp"

#include <cstddef>
#include <cstdint>

namespace caf_stream::bench {

/// Connects to `port` on loopback and reads `bytes` bytes, 256 KiB at a time, into blocks of 4 MiB
/// with the offset of each line in them. A block is filled anew once it is full. Throws `failure`
/// if the connection ends early.
socket_run read_lines(std::uint16_t port, std::size_t bytes);

} // namespace caf_stream::bench
