#pragma once

#include <functional>
#include <memory>
#include <string>

#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"
#include "caf_stream/state/state_partition.hpp"

// The data sets of an operator with state, for one batch: a step, which changes the state, and data
// sets that read what the step left. The step of a batch is computed once as a whole before anybody
// reads it (graph/state_node.hpp), and kept until the batch has ended:
//
//   pieces ══ step: state of 1000 -> state of 2000 ── reader: the state's records
//
// Where what it kept is gone, its task runs once more: it undoes what it did and does it again.

namespace caf_stream::lineage {

/// The batches that a step leads from and to.
struct state_batches {
  batch_time from = stateful::no_batch;
  batch_time to;
};

using make_state = std::function<std::shared_ptr<stateful::state_partition>(data::table_seed)>;

/// Changes a partition's state, which has begun the batch and is locked for change, and returns the
/// records that the step gives besides; they may be none.
using change_state =
  std::function<data::payload(stateful::state_partition& partition, partition_id p,
                              const dataset& step, task_context& context)>;

using open_records = std::function<data::any_cursor(const data::payload& records)>;

/// The step. `open` reads what `change` returned.
dataset_ptr make_state_step(std::string operation, std::vector<dependency> dependencies,
                            std::uint32_t partitions, state_batches batches, make_state make,
                            change_state change, open_records open);

/// Makes a cursor over a partition's state, which holds `reading` as long as it lives.
using open_state = std::function<data::any_cursor(stateful::state_reading reading)>;

/// The records of the state that `step` leaves.
dataset_ptr make_state_reader(std::string operation, dataset_ptr step, batch_time version,
                              open_state open);

} // namespace caf_stream::lineage
