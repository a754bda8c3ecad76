#pragma once

#include <functional>
#include <vector>

#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

using open_list_parts =
  std::function<data::any_cursor(std::vector<list_part>, const task_context&)>;

/// A data set of stored blocks, with the record type in `open`.
dataset_ptr make_block_source(std::vector<std::vector<data::block_part>> partitions,
                              open_list_parts open);

/// A data set of the records of stored blocks, which hold `data::record_list<T>`. One partition for
/// each list of parts.
template <class T>
dataset_ptr make_block_source(std::vector<std::vector<data::block_part>> partitions) {
  auto open = [](std::vector<list_part> parts, const task_context& context) {
    return std::make_unique<list_chain_cursor<T>>(std::move(parts), &context.views_stay());
  };
  return make_block_source(std::move(partitions), open);
}

} // namespace caf_stream::lineage
