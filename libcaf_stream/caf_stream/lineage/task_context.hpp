#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/data/table_seed.hpp"
#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/state/state_store.hpp"

// What a running task can reach: its inputs, in memory or in files of this node, and the batch it
// works for. A task asks no actor for anything while it runs.

namespace caf_stream::lineage {

/// A partition of a data set.
struct dataset_partition {
  dataset_id dataset;
  partition_id partition = 0;
  friend auto operator<=>(const dataset_partition&, const dataset_partition&) = default;
};

/// The pieces that one partition of a shuffle dependency reads.
struct shuffle_input {
  dataset_id dataset;           ///< the data set on the reduce side
  std::uint32_t dependency = 0; ///< index of the shuffle among its dependencies
  partition_id partition = 0;   ///< partition on the reduce side
  friend auto operator<=>(const shuffle_input&, const shuffle_input&) = default;
};

/// A computed partition of a persisted data set.
struct computed_partition {
  data::payload records;
  storage_level level = storage_level::memory_only; ///< at which it is to be kept
};

/// Everything a task reads. What lies on disk is read when the task asks for it.
struct task_inputs {
  std::map<block_id, data::payload> blocks;
  std::map<dataset_partition, data::payload> values;          ///< sent along by the driver
  std::map<dataset_partition, data::payload> kept;            ///< computed and kept before
  std::map<shuffle_input, std::vector<data::payload>> pieces; ///< in the order of map partitions
};

/// One task's view of the world. Used by one thread.
class task_context {
public:
  /// `states` may be null where no operator has a state.
  task_context(task_id id, batch_time time, data::table_seed seed, task_inputs inputs,
               std::shared_ptr<stateful::state_store> states = nullptr);

  const task_id& id() const noexcept { return id_; }
  batch_time time() const noexcept { return time_; }

  /// The seed of every hash table in this context's batches.
  data::table_seed seed() const noexcept { return seed_; }

  /// The states of this node's operators.
  stateful::state_store& states() const noexcept { return *states_; }

  /// A cursor over a partition of a parent. Where the data set is persisted, its records are read
  /// from what was kept, or computed, kept and then read. What was kept and cannot be read back is
  /// computed again; where the task has not got the inputs for that, it throws.
  data::any_cursor open(const dataset& set, partition_id p);

  /// Inputs; each throws `error` naming what is missing.
  const data::payload& block(const block_id& id) const;
  const data::payload& values(const dataset_id& set, partition_id p) const;
  const std::vector<data::payload>& pieces(const dataset_id& set, std::uint32_t dependency,
                                           partition_id p) const;

  /// Records that are views into blocks stay good as long as the task runs, and not only until the
  /// next chunk is taken. Called by whoever lets user code have many records at once, before it
  /// reads the first.
  void keep_views() noexcept { views_stay_ = true; }

  /// For cursors, which go before the context does.
  const bool& views_stay() const noexcept { return views_stay_; }

  /// What the task computed of persisted data sets.
  std::map<dataset_partition, computed_partition> take_kept() { return std::move(newly_kept_); }

  /// Kept partitions among its inputs that could not be read back.
  std::vector<dataset_partition> take_lost() { return std::move(lost_); }

private:
  const computed_partition& computed(const dataset& set, partition_id p);

  task_id id_;
  batch_time time_;
  data::table_seed seed_;
  task_inputs inputs_;
  std::shared_ptr<stateful::state_store> states_;
  std::map<dataset_partition, computed_partition> newly_kept_;
  std::vector<dataset_partition> lost_;
  bool views_stay_ = false;
};

} // namespace caf_stream::lineage
