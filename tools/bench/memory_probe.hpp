#pragma once

// The case `memory` measures a process of its own: this program, started again as a probe. What
// other cases left in memory, and the sender, are not in it.

#include <cstdint>
#include <string>
#include <vector>

namespace caf_stream::bench {

/// The first word of a probe's command line.
inline constexpr const char* probe_option = "--memory-probe";

/// What a probe writes to standard output.
struct probe_result {
  std::uint64_t now_kib = 0;  ///< resident memory at the end
  std::uint64_t peak_kib = 0; ///< the most there ever was
  std::int64_t lines = 0;     ///< that came out
  double seconds = 0;         ///< from the start to the last line
};

/// The probe's main. Words:
///   idle SECONDS                      a word count on a socket that says nothing
///   loaded PORT LEVEL BUDGET RATE WORKERS
///                                     lines of a socket into a sink that takes RATE bytes a second
///                                     (0: as many as come); a number of lines comes by standard
///                                     input, and when as many came out it ends
int run_memory_probe(const std::vector<std::string>& words);

} // namespace caf_stream::bench
