#include "caf_stream/codec/checksum_kernels.hpp"

#include <nmmintrin.h>

namespace caf_stream::codec {

std::uint32_t crc32c_sse42(const char* data, std::size_t size, std::uint32_t before) noexcept {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t x;
    __builtin_memcpy(&x, data, sizeof(x));
    crc = _mm_crc32_u64(crc, x);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (; size > 0; ++data, --size)
    rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*data));
  return ~rest;
}

} // namespace caf_stream::codec
