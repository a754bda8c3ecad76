#include "caf_stream/lineage/zip_with_index.hpp"

#include "caf_stream/lineage/reduce.hpp"

namespace caf_stream::lineage {

dataset_ptr make_partition_sizes(dataset_ptr parent, std::int64_t (*count)(data::cursor_base&)) {
  auto write = [count](data::cursor_base& records, std::uint32_t, task_context&) {
    return std::vector{pack_record<std::int64_t>(count(records))};
  };
  auto open = [](const std::vector<data::payload>& pieces, task_context&) {
    return open_lists<std::int64_t>(pieces);
  };
  return make_shuffled("partition_sizes", std::move(parent), 1, write, open);
}

std::int64_t records_before(data::cursor_base& sizes, partition_id p) {
  auto& typed = data::typed<std::int64_t>(sizes);
  std::int64_t sum = 0;
  for (auto chunk = typed.next(); !chunk.empty() && p > 0; chunk = typed.next())
    for (std::size_t i = 0; i < chunk.size() && p > 0; ++i, --p)
      sum += chunk[i];
  return sum;
}

} // namespace caf_stream::lineage
