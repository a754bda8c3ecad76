#pragma once

#include <functional>
#include <string>

#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"

// Operators that must know something of the whole data set before they see its records: how many
// records the partitions before have, which keys cut it into equal ranges. That is a data set of
// its own, in one partition, which every task reads besides its records:
//
//   parent ─────────────────────── partition p ─┐
//        └── shuffle to one ── partition 0 ─────┴─ cursor      (the same for every p)
//
// So it stays lazy; the parent is computed twice unless it is persisted.

namespace caf_stream::lineage {

/// Makes the cursor of an operator over a partition of its parent and all that `side` has.
using wrap_with_side = std::function<data::any_cursor(
  data::any_cursor parent, data::any_cursor side, partition_id p, task_context& context)>;

/// Requires that `side` has one partition. The types are in `wrap`.
dataset_ptr make_with_side(std::string operation, dataset_ptr parent, dataset_ptr side,
                           wrap_with_side wrap);

} // namespace caf_stream::lineage
