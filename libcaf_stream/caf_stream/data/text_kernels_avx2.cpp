#include <immintrin.h>

#include "caf_stream/data/text_kernels.hpp"

#include "caf_stream/data/bit_places.ipp"
#include "caf_stream/data/text_views.ipp"

namespace caf_stream::data {

namespace {

struct block {
  __m256i low, high;
};

inline block load(const char* text) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
}

inline std::uint64_t bits(__m256i low, __m256i high) {
  auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return std::uint64_t{second} << 32 | first;
}

// The six kinds of white space differ in their low four bits, by which the shuffle looks them up;
// it gives 0 for bytes above 127.
inline __m256i spaces(__m256i x) {
  const auto table = _mm256_broadcastsi128_si256(
    _mm_setr_epi8(' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', '\v', '\f', '\r', -1, 0));
  return _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, x), x);
}

inline std::uint64_t spaces(const block& x) { return bits(spaces(x.low), spaces(x.high)); }

inline std::uint64_t newlines(const block& x) {
  const auto newline = _mm256_set1_epi8('\n');
  return bits(_mm256_cmpeq_epi8(x.low, newline), _mm256_cmpeq_epi8(x.high, newline));
}

inline void write_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  for (int k = 0; k < 8; ++k) {
    auto part = static_cast<unsigned>(bits >> (8 * k)) & 255;
    auto places_in_part = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(places.of[part]));
    auto start = _mm256_set1_epi32(static_cast<int>(base + 8 * static_cast<unsigned>(k)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out),
                        _mm256_add_epi32(_mm256_cvtepu8_epi32(places_in_part), start));
    out += __builtin_popcount(part);
  }
}

// Four words at a time: sizes and addresses in vectors of their own, then shuffled together.
void views(const char* text, const std::uint32_t* edges, std::size_t n, text_ref* out) {
  const auto base = _mm256_set1_epi64x(reinterpret_cast<long long>(text));
  const auto low = _mm256_set1_epi64x(0xffffffff);
  const bool size_first = offsetof(text_ref, size) == 0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    auto pairs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(edges + 2 * i));
    auto begin = _mm256_and_si256(pairs, low);
    auto size = _mm256_sub_epi64(_mm256_srli_epi64(pairs, 32), begin);
    auto data = _mm256_add_epi64(base, begin);
    auto first = size_first ? size : data;
    auto second = size_first ? data : size;
    auto even = _mm256_unpacklo_epi64(first, second);
    auto odd = _mm256_unpackhi_epi64(first, second);
    auto* to = reinterpret_cast<__m256i*>(out + i);
    _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
  }
  views_one_by_one(text, edges + 2 * i, n - i, out + i);
}

} // namespace

} // namespace caf_stream::data

#include "caf_stream/data/text_kernels.ipp"

namespace caf_stream::data {

const text_kernels text_kernels_avx2{word_edges, views, line_ends};

} // namespace caf_stream::data
