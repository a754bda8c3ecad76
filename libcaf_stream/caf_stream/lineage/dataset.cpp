#include "caf_stream/lineage/dataset.hpp"

#include "caf_stream/base/error.hpp"

namespace caf_stream::lineage {

shuffle_writer::~shuffle_writer() = default;

dataset::dataset(dataset_id id, std::string operation, std::vector<dependency> dependencies,
                 std::uint32_t partitions)
  : id_(id), operation_(std::move(operation)), dependencies_(std::move(dependencies)),
    partitions_(partitions) {}

dataset::~dataset() = default;

std::vector<narrow_input> dataset::narrow_inputs(partition_id p) const {
  std::vector<narrow_input> result;
  for (std::size_t i = 0; i < dependencies_.size(); ++i)
    if (dependencies_[i].shuffle == nullptr)
      result.push_back({i, p});
  return result;
}

std::span<const data::block_part> dataset::blocks(partition_id) const { return {}; }

data::payload dataset::values(partition_id) const { return {}; }

data::payload dataset::keep(data::cursor_base&) const {
  throw error{errc::invalid_state, operation_ + " is not persisted"};
}

data::any_cursor dataset::open_kept(const data::payload&) const {
  throw error{errc::invalid_state, operation_ + " is not persisted"};
}

} // namespace caf_stream::lineage
