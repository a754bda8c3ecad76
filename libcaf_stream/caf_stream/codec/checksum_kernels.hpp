#pragma once

#include <cstddef>
#include <cstdint>

// The bodies of `crc32c`, one for each kind of processor, all with the same result.

namespace caf_stream::codec {

std::uint32_t crc32c_portable(const char* data, std::size_t size, std::uint32_t before) noexcept;

#if defined(__x86_64__)
/// For processors from `cpu_level::sse42` on.
std::uint32_t crc32c_sse42(const char* data, std::size_t size, std::uint32_t before) noexcept;
#endif

} // namespace caf_stream::codec
