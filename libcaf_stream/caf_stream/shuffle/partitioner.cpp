#include "caf_stream/shuffle/partitioner.hpp"

#include <limits>

namespace caf_stream {

hash_partitioner::hash_partitioner(std::uint32_t count) : count_(count) {
  if (count == 0)
    throw error{errc::invalid_argument, "a partitioner needs at least one partition"};
}

namespace shuffle {

hash_partitioner make_hash_partitioner(std::int64_t count) {
  if (count < 0 || count > std::numeric_limits<std::uint32_t>::max())
    throw error{errc::invalid_argument, "there cannot be " + std::to_string(count) + " partitions"};
  return hash_partitioner{static_cast<std::uint32_t>(count)};
}

void throw_no_such_partition(std::uint64_t partition, std::uint32_t count) {
  throw error{errc::invalid_argument, "the partitioner put a key into partition " +
                                        std::to_string(partition) + " of " + std::to_string(count)};
}

} // namespace shuffle

} // namespace caf_stream
