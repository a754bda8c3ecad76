// How a hash becomes a place in a table: what the kernels and the tables around them share. In an
// unnamed namespace, because the kernels' files are compiled for one kind of processor each.
//
// Each capacity has a multiplier and so places of its own: a table that is read in its order and
// put into a smaller one must not fill that from one end, which would take quadratic time.

#pragma once

namespace caf_stream::data {

namespace {

__extension__ typedef unsigned __int128 uint128;

// Multiplies to 128 bits and folds the halves, as wyhash does (Wang Yi,
// https://github.com/wangyi-fudan/wyhash, public domain).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  auto product = static_cast<uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load_word(const std::byte* from) {
  std::uint64_t x;
  __builtin_memcpy(&x, from, sizeof(x));
  return x;
}

inline void store_word(std::byte* to, std::uint64_t x) { __builtin_memcpy(to, &x, sizeof(x)); }

inline std::byte* next_slot(const table_view& table, std::byte* slot) {
  slot += table.stride;
  return slot == table.end ? table.begin : slot;
}

inline std::byte* home_of_hash(const table_view& table, std::uint64_t hash32) {
  auto pair = static_cast<std::uint32_t>(hash32 * table.multiplier) >> table.shift;
  return table.begin + 2 * table.stride * pair;
}

// The home of a key whose slot begins with `meta`.
inline std::byte* home_of_tag(const table_view& table, std::uint64_t meta) {
  return home_of_hash(table, meta >> 32);
}

// The home of a number whose slot begins with `word`.
inline std::byte* home_of_word(const table_view& table, std::uint64_t word) {
  return home_of_hash(table, mix(word ^ table.secret[0], table.secret[1]) >> 32);
}

// What is left of looking at both slots of a pair: bits 0 to 2 of `other` are set for the words of
// the first slot's head that are not the probe's, bits 4 to 6 for the second's. 7 + x has bit 3
// unless x is 0, so this sets bit 3 if it is not the first slot and bit 7 if it is not the second.
// Nobody could guess which it is, so no branch may ask.
inline unsigned not_here(unsigned other) { return (other & 0x77) + 0x77; }

inline bool not_in_pair(unsigned nots) { return (nots & 0x88) == 0x88; }

// Asks for the memory of a pair of slots, at its first and, where not all pairs lie in one cache
// line each, at its last byte. Always inline, because GCC leaves out calls of functions that do
// nothing but prefetch.
__attribute__((always_inline)) inline void ask_for(const table_view& table, std::byte* home) {
  __builtin_prefetch(home, 1);
  if (table.stride > 32 || (table.stride & (table.stride - 1)) != 0)
    __builtin_prefetch(home + 2 * table.stride - 1, 1);
}

} // namespace

} // namespace caf_stream::data
