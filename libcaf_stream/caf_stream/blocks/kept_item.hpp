#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include <boost/intrusive/list.hpp>

#include "caf_stream/base/byte_count.hpp"
#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/data/storage_level.hpp"

namespace caf_stream::blocks {

/// A data set whose computed partitions are kept: the operator, the batch, and the place among the
/// data sets that the operator makes for a batch.
struct kept_set {
  operator_id op;
  batch_time time{};
  std::uint32_t path = 0;
  friend auto operator<=>(const kept_set&, const kept_set&) = default;
};

/// One of its partitions.
struct kept_partition {
  kept_set set;
  partition_id partition = 0;
  friend auto operator<=>(const kept_partition&, const kept_partition&) = default;
};

/// Of a receiver, or of a persisted data set.
using item_key = std::variant<block_id, kept_partition>;

/// In words, for errors.
std::string to_string(const item_key& key);

/// Where it is, and where it goes:
///
///   memory ──> wanted ──> moving ──> disk, or memory again where that failed
///              (waits for the writer)
enum class item_place : std::uint8_t { memory, wanted, moving, disk };

/// Something that is kept. Stays where it is in memory as long as eviction_core knows it.
struct kept_item
  : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  item_key key;
  data::payload records;
  storage_level level = storage_level::memory_only;
  bool may_spill = false; ///< when its room is needed
  bool may_drop = false;  ///< where it cannot be written: it can be computed again
  item_place place = item_place::memory;
  bool to_disk = false;    ///< wanted or moving there
  bool incoming = false;   ///< on its way to disk without ever having counted in memory
  std::uint64_t order = 0; ///< while it is moving
  byte_count memory;       ///< that it counts for
  byte_count disk;         ///< that it takes, or may take while it is on its way there
};

} // namespace caf_stream::blocks
