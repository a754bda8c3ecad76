#include "caf_stream/lineage/count.hpp"

#include "caf_stream/lineage/reduce.hpp"

namespace caf_stream::lineage {

dataset_ptr make_count(dataset_ptr parent, std::int64_t (*count)(data::cursor_base&)) {
  auto write = [count](data::cursor_base& records, std::uint32_t, task_context&) {
    return std::vector{pack_record<std::int64_t>(count(records))};
  };
  auto open = [](const std::vector<data::payload>& pieces, task_context&) {
    return std::make_unique<optional_cursor<std::int64_t>>([pieces] {
      auto sum = reduce_records<std::int64_t>(*open_lists<std::int64_t>(pieces), std::plus<>{});
      return std::optional<std::int64_t>{sum.value_or(0)};
    });
  };
  return make_shuffled("count", std::move(parent), 1, write, open);
}

} // namespace caf_stream::lineage
