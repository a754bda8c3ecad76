#pragma once

#include "caf_stream/lineage/dataset.hpp"

namespace caf_stream::lineage {

/// While it lives, data sets that this thread makes belong to operator `op` of the batch at `time`
/// and are numbered in the order in which they are made. That order is the program's own, so the
/// numbers are the same whenever the batch is compiled again. Scopes nest.
class id_scope {
public:
  id_scope(operator_id op, batch_time time);
  ~id_scope();

  id_scope(const id_scope&) = delete;
  id_scope& operator=(const id_scope&) = delete;

private:
  friend dataset_id next_dataset_id();

  dataset_id next_;
  id_scope* outer_;
};

/// The id for a data set made now. Outside of any scope (a program's own `make_rdd`) ids belong to
/// operator 0 and are numbered through the life of the process.
dataset_id next_dataset_id();

} // namespace caf_stream::lineage
