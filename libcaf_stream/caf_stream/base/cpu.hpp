#pragma once

#include <string_view>

// Which instructions the processor has. The library is compiled for the plain processor of its
// platform; the few kernels that gain from more exist once for each level, and the level is chosen
// once, when it is first asked for.

namespace caf_stream {

/// Instruction sets kernels are written for, each including the ones before it.
enum class cpu_level {
  portable, ///< plain C++
  sse42,    ///< SSE 4.2 and POPCNT
  avx2,     ///< AVX2, BMI 1 and 2, LZCNT
  avx512,   ///< AVX-512 F, BW, VL, DQ
};

inline constexpr cpu_level cpu_levels[] = {cpu_level::portable, cpu_level::sse42, cpu_level::avx2,
                                           cpu_level::avx512};

std::string_view to_string(cpu_level level) noexcept;

/// Reads the name of a level; false when `text` is none.
bool parse_cpu_level(std::string_view text, cpu_level& out) noexcept;

/// The highest level this processor and its operating system can run.
cpu_level best_cpu_level() noexcept;

/// The level kernels run at: the best one, or a lower one named by the environment variable
/// CAF_STREAM_CPU. The same during the life of the process.
cpu_level active_cpu_level();

} // namespace caf_stream
