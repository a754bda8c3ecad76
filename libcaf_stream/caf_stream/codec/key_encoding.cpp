#include "caf_stream/codec/key_encoding.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace caf_stream::codec {

namespace {

constexpr std::uint64_t seed = 0x6361665f73747265;

} // namespace

std::uint64_t hash_key_bytes(std::string_view encoded) noexcept {
  return XXH3_64bits_withSeed(encoded.data(), encoded.size(), seed);
}

std::uint64_t hash_key_integer(std::uint64_t encoded) noexcept {
  return XXH3_64bits_withSeed(&encoded, sizeof(encoded), seed);
}

} // namespace caf_stream::codec
