#pragma once

#include <cstdint>
#include <string>

namespace caf_stream::bench {

/// A figure of this process in KiB, as /proc/self/status names it: `VmRSS` is its resident memory,
/// `VmHWM` the most that was. Throws `failure` where there is none of that name.
std::uint64_t process_memory(const std::string& name);

} // namespace caf_stream::bench
