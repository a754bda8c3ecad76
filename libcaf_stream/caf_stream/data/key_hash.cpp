#include "caf_stream/data/key_hash.hpp"

#include "caf_stream/data/hash_kernels.hpp"

namespace caf_stream::data {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
  constexpr std::uint64_t secret = 0xe7037ed1a0b428dbu;
  auto read = [](const char* from, std::size_t n) {
    std::uint64_t x = 0;
    for (std::size_t i = 0; i < n; ++i)
      x |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << (8 * i);
    return x;
  };
  auto hash = hash_word(bytes.size(), seed);
  auto* at = bytes.data();
  auto left = bytes.size();
  for (; left >= 8; left -= 8, at += 8)
    hash = hash_word(read(at, 8) ^ secret, hash);
  return left == 0 ? hash : hash_word(read(at, left) ^ secret, hash);
}

} // namespace caf_stream::data
