#pragma once

#include <vector>

#include "caf_stream/base/cpu.hpp"

namespace caf_stream::test {

/// The levels that this machine can run.
inline std::vector<cpu_level> levels_here() {
  std::vector<cpu_level> result;
  for (auto level : cpu_levels)
    if (level <= best_cpu_level())
      result.push_back(level);
  return result;
}

} // namespace caf_stream::test
