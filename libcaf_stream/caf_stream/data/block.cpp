#include "caf_stream/data/block.hpp"

#include <algorithm>

namespace caf_stream::data {

namespace {

// Below this a task's start costs more than the task.
constexpr std::uint64_t min_partition_bytes = 16 * 1024;

} // namespace

std::vector<std::vector<block_part>> pack_blocks(const std::vector<block_info>& blocks,
                                                 std::size_t partitions) {
  std::uint64_t left = 0;
  for (auto& block : blocks)
    left += block.records == 0 ? 0 : std::max<std::uint64_t>(block.bytes, 1);
  std::vector<std::vector<block_part>> result;
  if (left == 0 || partitions == 0)
    return result;
  auto wanted = std::clamp<std::uint64_t>(left / min_partition_bytes, 1, partitions);
  std::uint64_t room = 0; // bytes that the last partition still takes
  for (auto& block : blocks) {
    std::uint64_t first = 0;
    auto block_bytes = std::max<std::uint64_t>(block.bytes, 1);
    auto rest = block_bytes;
    while (first < block.records) {
      if (room == 0 && result.size() < wanted) {
        room = (left + (wanted - result.size()) - 1) / (wanted - result.size());
        result.emplace_back();
      }
      // Records of a block are taken to be of equal size; the last partition takes what is left.
      auto last = block.records;
      if (result.size() < wanted && room < rest) {
        auto share = static_cast<double>(room) / static_cast<double>(block_bytes);
        auto records = static_cast<std::uint64_t>(share * static_cast<double>(block.records));
        last = std::min(block.records, first + std::max<std::uint64_t>(records, 1));
      }
      auto bytes =
        last == block.records ? rest : std::min(rest, block_bytes * (last - first) / block.records);
      result.back().push_back({block.id, first, last});
      first = last;
      rest -= bytes;
      left -= bytes;
      room -= std::min(room, std::max<std::uint64_t>(bytes, last < block.records ? room : 0));
    }
  }
  return result;
}

} // namespace caf_stream::data
