#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/data/block.hpp"

// Which block belongs to which batch. A block waits from its arrival to the next decision; then
// it belongs to that batch, and no later decision changes that. Pure: no clock, no I/O.

namespace caf_stream::ingest {

/// The blocks of a batch, by stream, in the order in which they arrived. Streams without blocks
/// are not in it.
using batch_blocks = std::map<stream_id, std::vector<data::block_info>>;

class block_ledger {
public:
  /// Lets a block wait for the next batch. False, and nothing changes, when it is known already.
  bool add(const data::block_info& block);

  /// Gives all waiting blocks to the batch at `time` and returns what it has. A batch that is not
  /// later than the last one decided keeps what it was given: nothing, if it never was decided.
  const batch_blocks& decide(batch_time time);

  /// What the batch was given; empty for one not decided or forgotten.
  const batch_blocks& blocks_of(batch_time time) const;

  /// The time of the latest decision.
  std::optional<batch_time> last_decided() const noexcept { return last_decided_; }

  /// Blocks that belong to no batch yet.
  const batch_blocks& waiting() const noexcept { return waiting_; }

  std::size_t waiting_count() const noexcept;

  /// Forgets the batches up to and including `time`; returns the blocks they had.
  std::vector<block_id> forget_through(batch_time time);

private:
  batch_blocks waiting_;
  std::map<batch_time, batch_blocks> decided_;
  std::set<block_id> known_; // waiting or in a batch not yet forgotten
  std::optional<batch_time> last_decided_;
};

} // namespace caf_stream::ingest
