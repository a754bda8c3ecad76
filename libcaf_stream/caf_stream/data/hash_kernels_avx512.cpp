// GCC 12 takes the operands that some of its own intrinsics leave undefined on purpose for
// mistakes.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include "caf_stream/data/hash_kernels.hpp"

namespace caf_stream::data {

namespace {

struct short_key {
  std::uint64_t low, high;
};

// A masked load does not touch the bytes it leaves out.
inline __m128i load_key(const char* key, __mmask16 mask) { return _mm_maskz_loadu_epi8(mask, key); }

inline short_key load_short(const char* key, std::size_t size) {
  auto mask = _bzhi_u32(0xffff, static_cast<unsigned>(size));
  auto bytes = load_key(key, static_cast<__mmask16>(mask));
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(bytes)),
          static_cast<std::uint64_t>(_mm_extract_epi64(bytes, 1))};
}

} // namespace

} // namespace caf_stream::data

#include "caf_stream/data/hash_strings.ipp"

#include "caf_stream/data/hash_numbers.ipp"

namespace caf_stream::data {

namespace {

inline __m512i multiply_halves(__m512i x, __m512i secret) {
  auto sum = _mm512_add_epi32(x, secret);
  return _mm512_mul_epu32(sum, _mm512_srli_epi64(sum, 32));
}

inline void store_swapped(std::uint64_t* to, __m512i keys) {
  _mm512_store_si512(to, _mm512_shuffle_epi32(keys, _MM_PERM_BADC));
}

// Four keys next to each other.
inline __m512i load_keys(const text_ref* keys, std::size_t stride, std::size_t i,
                         const std::uint64_t* masks) {
  auto x0 = load_key(key_at(keys, stride, i).data, static_cast<__mmask16>(masks[0]));
  auto x1 = load_key(key_at(keys, stride, i + 1).data, static_cast<__mmask16>(masks[1]));
  auto x2 = load_key(key_at(keys, stride, i + 2).data, static_cast<__mmask16>(masks[2]));
  auto x3 = load_key(key_at(keys, stride, i + 3).data, static_cast<__mmask16>(masks[3]));
  auto low = _mm256_inserti128_si256(_mm256_castsi128_si256(x0), x1, 1);
  auto high = _mm256_inserti128_si256(_mm256_castsi128_si256(x2), x3, 1);
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

inline __m128i load_two_sizes(const text_ref* keys, std::size_t stride, std::size_t i) {
  return _mm_set_epi64x(static_cast<long long>(key_at(keys, stride, i + 1).size),
                        static_cast<long long>(key_at(keys, stride, i).size));
}

// Of eight keys. Not by a gather, which some processors have to do slowly.
inline __m512i load_sizes(const text_ref* keys, std::size_t stride, std::size_t i) {
  auto low = _mm256_inserti128_si256(_mm256_castsi128_si256(load_two_sizes(keys, stride, i)),
                                     load_two_sizes(keys, stride, i + 2), 1);
  auto high = _mm256_inserti128_si256(_mm256_castsi128_si256(load_two_sizes(keys, stride, i + 4)),
                                      load_two_sizes(keys, stride, i + 6), 1);
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

__attribute__((always_inline)) inline void ask_for_four(const table_view& table,
                                                        std::byte* const* homes) {
  ask_for(table, homes[0]);
  ask_for(table, homes[1]);
  ask_for(table, homes[2]);
  ask_for(table, homes[3]);
}

// Eight keys at a time, if none of them is long.
void prepare_strings(const table_view& shared, const text_ref* keys, std::size_t stride,
                     std::size_t n, string_probes& out) {
  auto table = shared; // no store can change this copy, so it stays in registers
  const auto secret = _mm512_broadcast_i64x2(_mm_set_epi64x(
    static_cast<long long>(table.secret[1]), static_cast<long long>(table.secret[0])));
  const auto multiplier = _mm512_set1_epi64(static_cast<long long>(table.multiplier));
  const auto shift = _mm_cvtsi32_si128(static_cast<int>(table.shift));
  const auto pair_size = _mm512_set1_epi64(static_cast<long long>(2 * table.stride));
  const auto begin = _mm512_set1_epi64(reinterpret_cast<long long>(table.begin));
  const auto one = _mm512_set1_epi64(1);
  const auto tag_part = _mm512_set1_epi64(static_cast<long long>(0xffffffff00000000));
  const auto even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
  const auto odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    auto size = load_sizes(keys, stride, i);
    if (_mm512_cmpgt_epu64_mask(size, _mm512_set1_epi64(inline_key_size)) != 0) [[unlikely]] {
      prepare_one_by_one(table, keys, stride, i, i + 8, out);
      continue;
    }
    alignas(64) std::uint64_t masks[8];
    _mm512_store_si512(masks, _mm512_sub_epi64(_mm512_sllv_epi64(one, size), one));
    auto low_keys = load_keys(keys, stride, i, masks);
    auto high_keys = load_keys(keys, stride, i + 4, masks + 4);
    store_swapped(out.key[i], low_keys);
    store_swapped(out.key[i + 4], high_keys);
    auto low = multiply_halves(low_keys, secret);
    auto high = multiply_halves(high_keys, secret);
    auto hash = _mm512_add_epi64(_mm512_permutex2var_epi64(low, even, high),
                                 _mm512_permutex2var_epi64(low, odd, high));
    // The tag is in the upper halves.
    auto folded = _mm512_xor_si512(hash, _mm512_slli_epi64(hash, 32));
    auto meta = _mm512_or_si512(_mm512_and_si512(folded, tag_part), _mm512_add_epi64(size, one));
    auto place = _mm512_mul_epu32(_mm512_srli_epi64(folded, 32), multiplier);
    auto pair = _mm512_srl_epi32(place, shift);
    auto home = _mm512_add_epi64(begin, _mm512_mul_epu32(pair, pair_size));
    _mm512_store_si512(out.meta + i, meta);
    _mm512_store_si512(out.home + i, home);
    ask_for_four(table, out.home + i);
    ask_for_four(table, out.home + i + 4);
  }
  prepare_one_by_one(table, keys, stride, i, n, out);
}

// | meta low high - meta low high - |
inline __m512i two_heads(const string_probes& probes, std::size_t i) {
  auto key = _mm512_maskz_broadcast_i64x2(
    0xff, _mm_load_si128(reinterpret_cast<const __m128i*>(probes.key[i])));
  return _mm512_mask_broadcastq_epi64(
    key, 0x11, _mm_loadl_epi64(reinterpret_cast<const __m128i*>(probes.meta + i)));
}

// Slots of 32 bytes: the first two are a cache line and compared at once.
std::size_t put_small_strings(const table_view& table, const string_probes& probes,
                              std::size_t first, std::size_t last, std::size_t& room,
                              found_slot* out) {
  for (auto i = first; i < last; ++i, ++out) {
    auto* slot = probes.home[i];
    unsigned other = _mm512_cmpneq_epi64_mask(_mm512_load_si512(slot), two_heads(probes, i));
    auto nots = not_here(other);
    *out = reinterpret_cast<found_slot>(slot) + (nots << 2 & 32);
    if (not_in_pair(nots)) [[unlikely]] {
      *out = put_far_string(table, probes, i, room);
      if (*out == 0)
        return i - first;
    }
  }
  return last - first;
}

inline unsigned other_words(const std::byte* slot, __m256i head) {
  return _mm256_cmpneq_epi64_mask(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(slot)), head);
}

std::size_t put_strings(const table_view& table, const string_probes& probes, std::size_t first,
                        std::size_t last, std::size_t& room, found_slot* out) {
  auto stride = table.stride;
  if (stride == 32)
    return put_small_strings(table, probes, first, last, room, out);
  for (auto i = first; i < last; ++i, ++out) {
    auto* slot = probes.home[i];
    auto head = _mm512_castsi512_si256(two_heads(probes, i));
    auto nots = not_here((other_words(slot, head) & 7) | other_words(slot + stride, head) << 4);
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

const hash_kernels hash_kernels_avx512{prepare_strings, put_strings, find_string,
                                       prepare_numbers, put_numbers, find_number};

} // namespace caf_stream::data
