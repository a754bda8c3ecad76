#include <immintrin.h>

#include "caf_stream/data/text_kernels.hpp"

#include "caf_stream/data/bit_places.ipp"
#include "caf_stream/data/text_views.ipp"

namespace caf_stream::data {

namespace {

struct block {
  __m128i part[4];
};

inline block load(const char* text) {
  block result;
  for (int k = 0; k < 4; ++k)
    result.part[k] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text) + k);
  return result;
}

inline std::uint64_t bits(const block& x) {
  std::uint64_t result = 0;
  for (int k = 0; k < 4; ++k)
    result |= static_cast<std::uint64_t>(_mm_movemask_epi8(x.part[k])) << (16 * k);
  return result;
}

// The six kinds of white space differ in their low four bits, by which the shuffle looks them up;
// it gives 0 for bytes above 127.
inline std::uint64_t spaces(const block& x) {
  const auto table =
    _mm_setr_epi8(' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', '\v', '\f', '\r', -1, 0);
  block equal;
  for (int k = 0; k < 4; ++k)
    equal.part[k] = _mm_cmpeq_epi8(_mm_shuffle_epi8(table, x.part[k]), x.part[k]);
  return bits(equal);
}

inline std::uint64_t newlines(const block& x) {
  const auto newline = _mm_set1_epi8('\n');
  block equal;
  for (int k = 0; k < 4; ++k)
    equal.part[k] = _mm_cmpeq_epi8(x.part[k], newline);
  return bits(equal);
}

inline void write_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  for (int k = 0; k < 8; ++k) {
    auto part = static_cast<unsigned>(bits >> (8 * k)) & 255;
    auto places_in_part = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(places.of[part]));
    auto start = _mm_set1_epi32(static_cast<int>(base + 8 * static_cast<unsigned>(k)));
    auto* to = reinterpret_cast<__m128i*>(out);
    _mm_storeu_si128(to, _mm_add_epi32(_mm_cvtepu8_epi32(places_in_part), start));
    _mm_storeu_si128(to + 1,
                     _mm_add_epi32(_mm_cvtepu8_epi32(_mm_srli_si128(places_in_part, 4)), start));
    out += __builtin_popcount(part);
  }
}

} // namespace

} // namespace caf_stream::data

#include "caf_stream/data/text_kernels.ipp"

namespace caf_stream::data {

const text_kernels text_kernels_sse42{word_edges, views_one_by_one, line_ends};

} // namespace caf_stream::data
