#pragma once

#include <cstdint>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/data/payload.hpp"

namespace caf_stream::data {

/// What is known of a block without looking into it.
struct block_info {
  block_id id;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0; ///< memory it takes, about
};

/// A run of a block's records: [first, last).
struct block_part {
  block_id id;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Cuts the blocks of a batch, in order, into at most `partitions` runs of about equal bytes; a
/// block may be split between two. No blocks give no partitions, and no partition is empty.
std::vector<std::vector<block_part>> pack_blocks(const std::vector<block_info>& blocks,
                                                 std::size_t partitions);

} // namespace caf_stream::data
