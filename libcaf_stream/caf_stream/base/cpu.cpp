#include "caf_stream/base/cpu.hpp"

#include <cstdlib>

#include "caf_stream/base/log.hpp"

namespace caf_stream {

namespace {

cpu_level choose() {
  auto best = best_cpu_level();
  auto* wanted = std::getenv("CAF_STREAM_CPU");
  if (!wanted || *wanted == '\0')
    return best;
  auto level = best;
  if (!parse_cpu_level(wanted, level))
    log::warning("CAF_STREAM_CPU is \"", wanted,
                 "\", which is none of portable, sse42, avx2, avx512; using ", to_string(best));
  else if (level > best)
    log::warning("CAF_STREAM_CPU is ", wanted, ", which this processor does not have; using ",
                 to_string(best));
  return level < best ? level : best;
}

} // namespace

std::string_view to_string(cpu_level level) noexcept {
  switch (level) {
  case cpu_level::portable:
    return "portable";
  case cpu_level::sse42:
    return "sse42";
  case cpu_level::avx2:
    return "avx2";
  case cpu_level::avx512:
    return "avx512";
  }
  return "unknown";
}

bool parse_cpu_level(std::string_view text, cpu_level& out) noexcept {
  for (auto level : cpu_levels) {
    if (to_string(level) == text) {
      out = level;
      return true;
    }
  }
  return false;
}

cpu_level best_cpu_level() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt") ||
      !__builtin_cpu_supports("aes") || !__builtin_cpu_supports("pclmul"))
    return cpu_level::portable;
  // Processors with AVX2 have LZCNT, which not every compiler can ask for.
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2"))
    return cpu_level::sse42;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
    return cpu_level::avx2;
  return cpu_level::avx512;
#else
  return cpu_level::portable;
#endif
}

cpu_level active_cpu_level() {
  static const cpu_level level = choose();
  return level;
}

} // namespace caf_stream
