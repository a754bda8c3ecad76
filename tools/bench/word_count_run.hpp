#pragma once

#include <cstdint>
#include <string_view>

namespace caf_stream::bench {

/// What two word counts must agree on: how many different words, how many words, and a sum over
/// all words that depends on each spelling and its count but not on their order.
struct word_tally {
  std::int64_t distinct = 0;
  std::int64_t total = 0;
  std::uint64_t checksum = 0;

  void add(std::string_view word, std::int64_t count) {
    auto hash = std::uint64_t{0xCBF29CE484222325u}; // FNV-1a
    for (auto c : word)
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    ++distinct;
    total += count;
    checksum += hash * static_cast<std::uint64_t>(count);
  }

  word_tally& operator+=(const word_tally& other) {
    distinct += other.distinct;
    total += other.total;
    checksum += other.checksum;
    return *this;
  }

  bool operator==(const word_tally&) const = default;
};

struct word_count_run {
  /// From the start of each batch to its merged table, summed.
  double seconds = 0;
  /// The sum of the tallies of all batches.
  word_tally tally;
};

} // namespace caf_stream::bench
