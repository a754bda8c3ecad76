#pragma once

#include <chrono>
#include <cstdint>

namespace caf_stream::bench {

struct socket_run {
  std::int64_t lines = 0;
  /// When the last line was accounted for.
  std::chrono::steady_clock::time_point end;
};

} // namespace caf_stream::bench
