// Loads a short key with one load of 16 bytes where these lie in one page, which is then there as a
// whole. What is behind the key is cut off, so it does not matter what it is; but tools that check
// memory cannot know that.

namespace caf_stream::data {

namespace {

struct short_key {
  std::uint64_t low, high;
};

alignas(32) constexpr unsigned char sliding_mask[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                        255, 255, 255, 255, 255, 255, 255, 255};

__attribute__((noinline)) __m128i load_at_page_end(const char* key, std::size_t size) {
  alignas(16) char copy[16] = {};
  for (std::size_t i = 0; i < size; ++i)
    copy[i] = key[i];
  return _mm_load_si128(reinterpret_cast<const __m128i*>(copy));
}

// size <= 16
__attribute__((no_sanitize("address"))) inline __m128i load_key(const char* key, std::size_t size) {
  if (((reinterpret_cast<std::uintptr_t>(key) - 1) & 4095) >= 4096 - 16) [[unlikely]]
    return load_at_page_end(key, size);
  auto* mask = reinterpret_cast<const __m128i*>(sliding_mask + 16 - size);
  return _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(key)),
                       _mm_loadu_si128(mask));
}

inline short_key load_short(const char* key, std::size_t size) {
  auto bytes = load_key(key, size);
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(bytes)),
          static_cast<std::uint64_t>(_mm_extract_epi64(bytes, 1))};
}

} // namespace

} // namespace caf_stream::data
