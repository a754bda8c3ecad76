#pragma once

#include <vector>

#include "caf_stream/lineage/dataset.hpp"

namespace caf_stream::lineage {

/// The partitions of all parents, one parent after the other. All hold the same record type.
dataset_ptr make_union(std::vector<dataset_ptr> parents);

} // namespace caf_stream::lineage
