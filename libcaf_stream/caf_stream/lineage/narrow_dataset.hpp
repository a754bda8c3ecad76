#pragma once

#include <functional>
#include <string>

#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

/// Makes the cursor of an operator over the cursor of its parent's partition.
using wrap_cursor =
  std::function<data::any_cursor(data::any_cursor parent, partition_id p, task_context& context)>;

/// An operator whose partitions read the partition of the same number of one parent: map, filter
/// and most others. The types are in `wrap`.
dataset_ptr make_narrow(std::string operation, dataset_ptr parent, wrap_cursor wrap);

} // namespace caf_stream::lineage
