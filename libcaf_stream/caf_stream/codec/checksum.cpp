#include "caf_stream/codec/checksum.hpp"

#include <array>
#include <cstddef>

#include "caf_stream/base/cpu.hpp"
#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/checksum_kernels.hpp"

// Slicing by eight, after Kounavis and Berry: `tables[k][b]` is what byte b adds to the checksum
// when k more bytes follow it, so that eight bytes take eight independent look-ups.

namespace caf_stream::codec {

namespace {

constexpr std::uint32_t polynomial = 0x82f63b78; // Castagnoli's, lowest bit first

using crc_tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr crc_tables make_tables() {
  crc_tables tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    auto crc = b;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const auto crc = tables[k - 1][b];
      tables[k][b] = (crc >> 8) ^ tables[0][crc & 255];
    }
  }
  return tables;
}

constexpr crc_tables tables = make_tables();

} // namespace

std::uint32_t crc32c_portable(const char* data, std::size_t size, std::uint32_t before) noexcept {
  auto crc = ~before;
  for (; size >= 8; data += 8, size -= 8) {
    const auto x = load_raw<std::uint64_t>(data) ^ crc;
    crc = tables[7][x & 255] ^ tables[6][(x >> 8) & 255] ^ tables[5][(x >> 16) & 255] ^
          tables[4][(x >> 24) & 255] ^ tables[3][(x >> 32) & 255] ^ tables[2][(x >> 40) & 255] ^
          tables[1][(x >> 48) & 255] ^ tables[0][x >> 56];
  }
  for (; size > 0; ++data, --size)
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*data)) & 255];
  return ~crc;
}

std::uint32_t crc32c(std::string_view data, std::uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = active_cpu_level() >= cpu_level::sse42;
  if (has_instruction)
    return crc32c_sse42(data.data(), data.size(), before);
#endif
  return crc32c_portable(data.data(), data.size(), before);
}

} // namespace caf_stream::codec
