#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace caf_stream::bench {

/// A record as the output function saw it.
struct arrival {
  std::size_t number = 0;
  std::chrono::steady_clock::time_point time;
};

/// Reads numbers, a line each, from a port of loopback, in batches of 10 ms, until `records` of
/// them have come to the output function; in the order they came.
std::vector<arrival> ours_arrivals(std::uint16_t port, std::size_t records, unsigned workers);

} // namespace caf_stream::bench
