#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"

// How to compute a data set: cut its lineage at shuffles into stages, number the stages parents
// first, and say what each task reads. Made anew for every action.
//
//   blocks ─ flat_map ─ map ═╗ shuffle            stage 0: one task a partition of `map`
//                            ╚═ reduce_by_key     stage 1: one task a partition of `reduce_by_key`
//
// Narrow chains inside a stage are fused: a task runs the whole chain, chunk by chunk.

namespace caf_stream::plan {

/// Where a stage's tasks put their records.
struct shuffle_output {
  lineage::dataset_id reader;   ///< the data set on the reduce side
  std::uint32_t dependency = 0; ///< index of the shuffle among its dependencies
  std::uint32_t partitions = 0; ///< how many pieces a task makes
  std::shared_ptr<const lineage::shuffle_writer> writer;
};

/// Tasks without a shuffle between them.
struct stage {
  std::uint32_t number = 0;
  lineage::dataset_ptr target;          ///< the last data set of the chain
  std::vector<partition_id> partitions; ///< one task for each
  std::vector<std::uint32_t> parents;   ///< stages that must be finished first
  std::shared_ptr<const shuffle_output>
    output; ///< null: the last stage, whose records go to the action
};

/// The pieces a task reads for one shuffle dependency.
struct piece_request {
  lineage::shuffle_input input;
  std::uint32_t from_stage = 0;
  std::uint32_t map_tasks = 0; ///< as many pieces, one of each task of that stage
};

/// A kept partition that a task reads where it is still kept.
struct kept_request {
  lineage::dataset_partition partition;
  /// The plan counts on it: what it would be computed from is not among the needs. Where it is
  /// gone, the job is to be planned anew.
  bool alone = false;
};

/// What a task reads, by name.
struct task_needs {
  std::vector<data::block_part> blocks;
  std::vector<kept_request> kept;
  std::vector<piece_request> pieces;
  std::vector<std::pair<lineage::dataset_partition, data::payload>> values;

  bool empty() const noexcept { return blocks.empty() && kept.empty() && pieces.empty(); }
};

/// A job: one action on one data set.
struct job_plan {
  std::vector<stage> stages;          ///< parents first; the last one is the action's
  std::set<lineage::dataset_id> kept; ///< persisted and there: read, not computed

  /// What the task of `partition` of stage `number` reads.
  task_needs needs(std::uint32_t number, partition_id partition) const;

  /// One line for each stage: `stage 0: blocks -> flat_map -> map => 2 tasks, 2 pieces each`.
  std::string explain() const;
};

/// True where all partitions of a persisted data set are kept, so that nothing above it runs.
using is_kept = std::function<bool(const lineage::dataset&)>;

/// Plans the computation of `partitions` of `target`.
job_plan compile(const lineage::dataset_ptr& target, std::vector<partition_id> partitions,
                 const is_kept& kept);

} // namespace caf_stream::plan
