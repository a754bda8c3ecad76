#pragma once

#include <cstdint>

namespace caf_stream::bench {

/// The i-th key of made data: no small numbers in a row, which would suit tables that do not hash.
inline std::int64_t key_number(std::uint64_t i) {
  return static_cast<std::int64_t>(i * 0xD6E8FEB86659FD93u);
}

} // namespace caf_stream::bench
