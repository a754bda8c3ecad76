#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caf_stream/base/error.hpp"

// Which numbers of a sequence have been seen, so that what is sent again can be told from what is
// new. Kept as runs: a sender that counts up takes one run, whatever it has sent.
//
//   seen 1 2 3 4   7 8   ->   [1, 4] [7, 8]

namespace caf_stream::ingest {

class sequence_set {
public:
  sequence_set() = default;

  /// The numbers of the given runs, each from its first to its last.
  explicit sequence_set(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& runs)
    : runs_(runs.begin(), runs.end()) {}

  bool contains(std::uint64_t number) const;

  /// False when it was there already.
  bool insert(std::uint64_t number);

  void merge(const sequence_set& other);

  /// Runs of numbers, as first and last.
  const std::map<std::uint64_t, std::uint64_t>& runs() const noexcept { return runs_; }

  /// True where `number` would begin a run of its own, between two gaps.
  bool begins_run(std::uint64_t number) const;

private:
  std::map<std::uint64_t, std::uint64_t> runs_;
};

/// Sequences by name; the one without a name is the stream's own.
using sequence_sets = std::map<std::string, sequence_set>;

/// The sets as bytes, and back: errc::damaged_data where they are none.
std::string encode_sequences(const sequence_sets& sets);
result<sequence_sets> decode_sequences(std::string_view bytes);

} // namespace caf_stream::ingest
