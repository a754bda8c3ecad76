#pragma once

#include <cstdint>
#include <string_view>

namespace caf_stream::codec {

/// CRC-32C (Castagnoli's polynomial, as in iSCSI and ext4) of `data`, continued from the checksum
/// of what came before it: crc32c(b, crc32c(a)) is that of a followed by b. It detects every
/// burst of damage up to 32 bits long.
std::uint32_t crc32c(std::string_view data, std::uint32_t before = 0);

} // namespace caf_stream::codec
