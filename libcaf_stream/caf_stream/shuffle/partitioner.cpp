#include "caf_stream/shuffle/partitioner.hpp"

namespace caf_stream {

hash_partitioner::hash_partitioner(std::uint32_t count) : count_(count) {
  if (count == 0)
    throw error{errc::invalid_argument, "a partitioner needs at least one partition"};
}

namespace shuffle {

void throw_no_such_partition(std::uint64_t partition, std::uint32_t count) {
  throw error{errc::invalid_argument, "the partitioner put a key into partition " +
                                        std::to_string(partition) + " of " + std::to_string(count)};
}

} // namespace shuffle

} // namespace caf_stream
