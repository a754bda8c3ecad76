#pragma once

#include <cstddef>
#include <cstdint>

#include "caf_stream/base/cpu.hpp"
#include "caf_stream/data/text_ref.hpp"

// The inner loops of hash tables, compiled once for each level of processors; all levels compute
// the same hashes and leave the same bytes in the table. They know keys, not values: a slot is
//
//   string key   | meta 8 | key 16 | value ...     meta = hash tag << 32 | (length + 1)
//   number key   | word 8 | value ...              word = key + 1
//
// and empty when its first eight bytes are zero. Slots lie `stride` bytes apart and are probed one
// after the other from an even slot on, the key's home, so that with a stride of 32 or less the
// first two share a cache line. A string of up to 16 bytes is in the slot itself, filled up with
// zeros; a longer one is elsewhere, and the slot has its address and its length.
//
// A batch of keys is first *prepared* (hashed, and the memory of their homes asked for), then put
// into the table, when that memory has arrived.

namespace caf_stream::data {

/// Keys that are prepared together: enough to hide the time memory takes, few enough for the slots
/// they touch to stay in the first cache.
inline constexpr std::size_t probe_batch = 128;

/// Longest key that fits a slot.
inline constexpr std::size_t inline_key_size = 16;

/// Longest key at all.
inline constexpr std::size_t max_key_size = 0xfffffff0;

/// A table's memory and how its hashes are made.
struct table_view {
  std::byte* begin;         ///< the first slot, at a multiple of 64
  std::byte* end;           ///< behind the last slot that is probed
  std::size_t stride;       ///< from slot to slot; a multiple of 8
  std::uint64_t multiplier; ///< odd and below 2^32, another one for each capacity
  unsigned shift;           ///< the top 32 - shift bits of 32 are the number of a pair of slots
  std::uint64_t secret[4];  ///< from the seed
};

/// String keys, hashed. A key has its second half first, so that two of them, one after the other,
/// have a whole key in their middle.
struct string_probes {
  alignas(64) std::uint64_t key[probe_batch][2]; ///< or, of a long key, its length and its address
  alignas(64) std::uint64_t meta[probe_batch];
  alignas(64) std::byte* home[probe_batch];
};

/// Numbers, hashed.
struct number_probes {
  std::uint64_t word[probe_batch];
  std::byte* home[probe_batch];
};

/// An address of a slot, plus 1 where the key is new.
using found_slot = std::uintptr_t;

struct hash_kernels {
  /// Prepares n <= probe_batch keys, which lie `stride` bytes apart.
  void (*prepare_strings)(const table_view& table, const text_ref* keys, std::size_t stride,
                          std::size_t n, string_probes& out);

  /// Finds or inserts the probes from `first` to `last` in order and writes their slots to `out`,
  /// the first one's to out[0]. Returns how many, fewer than last - first when the next key is new
  /// and either there is no room left or it does not fit a slot. `room` counts down by one for each
  /// new key.
  std::size_t (*put_strings)(const table_view& table, const string_probes& probes,
                             std::size_t first, std::size_t last, std::size_t& room,
                             found_slot* out);

  /// The slot of a key, null where it is not in the table.
  std::byte* (*find_string)(const table_view& table, text_ref key);

  /// As the functions for strings.
  void (*prepare_numbers)(const table_view& table, const std::uint64_t* keys, std::size_t n,
                          number_probes& out);
  std::size_t (*put_numbers)(const table_view& table, const number_probes& probes,
                             std::size_t first, std::size_t last, std::size_t& room,
                             found_slot* out);
  std::byte* (*find_number)(const table_view& table, std::uint64_t key);
};

/// The kernels of a level, which the processor must have.
const hash_kernels& hash_kernels_for(cpu_level level) noexcept;

extern const hash_kernels hash_kernels_portable;
extern const hash_kernels hash_kernels_sse42;
extern const hash_kernels hash_kernels_avx2;
extern const hash_kernels hash_kernels_avx512;

} // namespace caf_stream::data
