#pragma once

#include <cstdint>

namespace caf_stream::data {

/// What a hash table mixes into its hashes, so that nobody who does not know it can choose keys
/// that collide. Together with what is inserted it decides a table's order.
struct table_seed {
  std::uint64_t value = 0;

  /// A seed for another table, as good as drawn anew: number `n` of this one.
  constexpr table_seed derived(std::uint64_t n) const noexcept {
    // SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
    auto x = value + (n + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return {x ^ x >> 31};
  }

  friend constexpr bool operator==(table_seed, table_seed) = default;
};

/// A seed from the operating system's entropy.
table_seed draw_table_seed();

} // namespace caf_stream::data
