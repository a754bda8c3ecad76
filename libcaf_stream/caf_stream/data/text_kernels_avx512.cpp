// GCC 12 takes the operands that some of its own intrinsics leave undefined on purpose for
// mistakes.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include "caf_stream/data/text_kernels.hpp"

#include "caf_stream/data/text_views.ipp"

namespace caf_stream::data {

namespace {

struct block {
  __m512i bytes;
};

inline block load(const char* text) { return {_mm512_loadu_si512(text)}; }

// The six kinds of white space differ in their low four bits, by which the shuffle looks them up;
// it gives 0 for bytes above 127.
inline std::uint64_t spaces(const block& x) {
  const auto table =
    _mm512_maskz_broadcast_i32x4(0xffff, _mm_setr_epi8(' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t',
                                                       '\n', '\v', '\f', '\r', -1, 0));
  return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, x.bytes), x.bytes);
}

inline std::uint64_t newlines(const block& x) {
  return _mm512_cmpeq_epi8_mask(x.bytes, _mm512_set1_epi8('\n'));
}

inline void write_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  auto places =
    _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                     _mm512_set1_epi32(static_cast<int>(base)));
  for (int k = 0; k < 4; ++k) {
    auto part = static_cast<__mmask16>(bits >> (16 * k));
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(part, places));
    out += __builtin_popcount(part);
    places = _mm512_add_epi32(places, _mm512_set1_epi32(16));
  }
}

// Eight words at a time: sizes and addresses in vectors of their own, then shuffled together.
void views(const char* text, const std::uint32_t* edges, std::size_t n, text_ref* out) {
  const auto base = _mm512_set1_epi64(reinterpret_cast<long long>(text));
  const auto low = _mm512_set1_epi64(0xffffffff);
  const auto first_four = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
  const auto last_four = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
  const bool size_first = offsetof(text_ref, size) == 0;
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    auto pairs = _mm512_loadu_si512(edges + 2 * i);
    auto begin = _mm512_and_si512(pairs, low);
    auto size = _mm512_sub_epi64(_mm512_srli_epi64(pairs, 32), begin);
    auto data = _mm512_add_epi64(base, begin);
    auto first = size_first ? size : data;
    auto second = size_first ? data : size;
    _mm512_storeu_si512(out + i, _mm512_permutex2var_epi64(first, first_four, second));
    _mm512_storeu_si512(out + i + 4, _mm512_permutex2var_epi64(first, last_four, second));
  }
  views_one_by_one(text, edges + 2 * i, n - i, out + i);
}

} // namespace

} // namespace caf_stream::data

#include "caf_stream/data/text_kernels.ipp"

namespace caf_stream::data {

const text_kernels text_kernels_avx512{word_edges, views, line_ends};

} // namespace caf_stream::data
