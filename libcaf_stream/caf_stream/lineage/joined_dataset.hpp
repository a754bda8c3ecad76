#pragma once

#include <functional>
#include <string>
#include <vector>

#include "caf_stream/lineage/shuffled_dataset.hpp"

namespace caf_stream::lineage {

/// One of the two parents of a joined data set and how its records are cut.
struct shuffled_side {
  dataset_ptr parent;
  write_pieces write;
};

/// The reduce side of two shuffles: makes a cursor over the pieces of one partition, each side's in
/// the order of its parent's partitions. Pieces without records may be empty payloads.
using open_both =
  std::function<data::any_cursor(const std::vector<data::payload>& left,
                                 const std::vector<data::payload>& right, task_context& context)>;

/// An operator with two parents whose partitions read a piece of every partition of both. The types
/// are in the functions.
dataset_ptr make_joined(std::string operation, shuffled_side left, shuffled_side right,
                        std::uint32_t partitions, open_both open);

} // namespace caf_stream::lineage
