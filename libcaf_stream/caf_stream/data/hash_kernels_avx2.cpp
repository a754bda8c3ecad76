#include <immintrin.h>

#include "caf_stream/data/hash_kernels.hpp"

#include "caf_stream/data/load_short_sse.ipp"

#include "caf_stream/data/hash_strings.ipp"

#include "caf_stream/data/hash_numbers.ipp"

namespace caf_stream::data {

namespace {

inline __m256i multiply_halves(__m256i x, __m256i secret) {
  auto sum = _mm256_add_epi32(x, secret);
  return _mm256_mul_epu32(sum, _mm256_srli_epi64(sum, 32));
}

inline void store_swapped(std::uint64_t* to, __m128i key) {
  _mm_store_si128(reinterpret_cast<__m128i*>(to), _mm_shuffle_epi32(key, 0x4e));
}

// Four keys at a time, if none of them is long.
void prepare_strings(const table_view& shared, const text_ref* keys, std::size_t stride,
                     std::size_t n, string_probes& out) {
  auto table = shared; // no store can change this copy, so it stays in registers
  const auto secret = _mm256_setr_epi64x(
    static_cast<long long>(table.secret[0]), static_cast<long long>(table.secret[1]),
    static_cast<long long>(table.secret[0]), static_cast<long long>(table.secret[1]));
  const auto multiplier = _mm256_set1_epi64x(static_cast<long long>(table.multiplier));
  const auto shift = _mm_cvtsi32_si128(static_cast<int>(table.shift));
  const auto pair_size = _mm256_set1_epi64x(static_cast<long long>(2 * table.stride));
  const auto begin = _mm256_set1_epi64x(reinterpret_cast<long long>(table.begin));
  const auto one = _mm256_set1_epi64x(1);
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    auto k0 = key_at(keys, stride, i);
    auto k1 = key_at(keys, stride, i + 1);
    auto k2 = key_at(keys, stride, i + 2);
    auto k3 = key_at(keys, stride, i + 3);
    if (((k0.size + 15) | (k1.size + 15) | (k2.size + 15) | (k3.size + 15)) > 31) [[unlikely]] {
      prepare_one_by_one(table, keys, stride, i, i + 4, out);
      continue;
    }
    auto x0 = load_key(k0.data, k0.size);
    auto x1 = load_key(k1.data, k1.size);
    auto x2 = load_key(k2.data, k2.size);
    auto x3 = load_key(k3.data, k3.size);
    store_swapped(out.key[i], x0);
    store_swapped(out.key[i + 1], x1);
    store_swapped(out.key[i + 2], x2);
    store_swapped(out.key[i + 3], x3);
    auto even = multiply_halves(_mm256_set_m128i(x2, x0), secret);
    auto odd = multiply_halves(_mm256_set_m128i(x3, x1), secret);
    auto hash =
      _mm256_add_epi64(_mm256_unpacklo_epi64(even, odd), _mm256_unpackhi_epi64(even, odd));
    auto size =
      _mm256_setr_epi64x(static_cast<long long>(k0.size), static_cast<long long>(k1.size),
                         static_cast<long long>(k2.size), static_cast<long long>(k3.size));
    // The tag is in the upper halves.
    auto folded = _mm256_xor_si256(hash, _mm256_slli_epi64(hash, 32));
    auto meta = _mm256_blend_epi32(_mm256_add_epi64(size, one), folded, 0xaa);
    auto place = _mm256_mul_epu32(_mm256_srli_epi64(folded, 32), multiplier);
    auto pair = _mm256_srl_epi32(place, shift);
    auto home = _mm256_add_epi64(begin, _mm256_mul_epu32(pair, pair_size));
    _mm256_store_si256(reinterpret_cast<__m256i*>(out.meta + i), meta);
    _mm256_store_si256(reinterpret_cast<__m256i*>(out.home + i), home);
    ask_for(table, out.home[i]);
    ask_for(table, out.home[i + 1]);
    ask_for(table, out.home[i + 2]);
    ask_for(table, out.home[i + 3]);
  }
  prepare_one_by_one(table, keys, stride, i, n, out);
}

// A bit for each word of a slot's head that is the probe's.
inline unsigned same_words(const std::byte* slot, __m256i head) {
  auto equal = _mm256_cmpeq_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(slot)), head);
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(equal)));
}

std::size_t put_strings(const table_view& table, const string_probes& probes, std::size_t first,
                        std::size_t last, std::size_t& room, found_slot* out) {
  auto stride = table.stride;
  for (auto i = first; i < last; ++i, ++out) {
    auto* slot = probes.home[i];
    // | high low high low | with the first word replaced: | meta low high low |
    auto key =
      _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(probes.key[i])));
    auto meta = _mm256_set1_epi64x(static_cast<long long>(probes.meta[i]));
    auto head = _mm256_blend_epi32(key, meta, 3);
    auto nots = not_here(~(same_words(slot, head) | same_words(slot + stride, head) << 4));
    *out = reinterpret_cast<found_slot>(slot) + (stride & (0 - std::size_t{nots >> 3 & 1}));
    if (not_in_pair(nots)) [[unlikely]] {
      *out = put_far_string(table, probes, i, room);
      if (*out == 0)
        return i - first;
    }
  }
  return last - first;
}

} // namespace

const hash_kernels hash_kernels_avx2{prepare_strings, put_strings, find_string,
                                     prepare_numbers, put_numbers, find_number};

} // namespace caf_stream::data
