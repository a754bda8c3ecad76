#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/data/block.hpp"
#include "caf_stream/data/cursor.hpp"
#include "caf_stream/data/storage_level.hpp"

// One batch's data set, with the record type erased: which operator it is, what it depends on, and
// how to compute one of its partitions. A data set is never a result; it is the recipe, kept so
// that a lost partition can be computed again.
//
// There are two kinds of dependency, and each has its invariant:
//   narrow   a partition reads few, known partitions of the parent, in the same task
//   shuffle  a partition reads a piece of every partition of the parent, made by earlier tasks

namespace caf_stream::lineage {

/// Names a data set within a program: the operator of the graph, the batch, and the place among
/// the data sets that this operator makes for a batch. The same in every process and every run.
struct dataset_id {
  operator_id op;
  batch_time time{};
  std::uint32_t path = 0;
  friend auto operator<=>(const dataset_id&, const dataset_id&) = default;
};

class dataset;
class task_context;
using dataset_ptr = std::shared_ptr<const dataset>;

/// The map side of a shuffle: reads a partition of the parent, once, and cuts it.
class shuffle_writer {
public:
  virtual ~shuffle_writer();

  /// One piece for each of `partitions` targets; runs on a partition worker. A piece without
  /// records may be empty.
  virtual std::vector<data::payload> write(data::cursor_base& records, std::uint32_t partitions,
                                           task_context& context) const = 0;
};

struct dependency {
  dataset_ptr parent;
  std::shared_ptr<const shuffle_writer> shuffle; ///< null: a narrow dependency
};

/// A partition of a parent that a partition of ours reads in the same task.
struct narrow_input {
  std::size_t dependency = 0; ///< index in dependencies()
  partition_id partition = 0;
};

/// A node of the lineage. Immutable but for stop_keeping(); shared by threads.
class dataset {
public:
  dataset(dataset_id id, std::string operation, std::vector<dependency> dependencies,
          std::uint32_t partitions);
  virtual ~dataset();

  dataset(const dataset&) = delete;
  dataset& operator=(const dataset&) = delete;

  const dataset_id& id() const noexcept { return id_; }

  /// What the user called to get it: `map`, `reduce_by_key`.
  const std::string& operation() const noexcept { return operation_; }

  const std::vector<dependency>& dependencies() const noexcept { return dependencies_; }
  std::uint32_t partitions() const noexcept { return partitions_; }

  /// The level at which computed partitions are kept for later readers; `none` computes them anew
  /// for each.
  virtual storage_level level() const noexcept { return storage_level::none; }

  /// From now on its level is `none`, the one thing about a data set that may change.
  virtual void stop_keeping() const noexcept {}

  /// Which partitions of the narrow dependencies partition `p` reads. Unless told otherwise: the
  /// partition of the same number of each.
  virtual std::vector<narrow_input> narrow_inputs(partition_id p) const;

  /// The blocks that partition `p` reads itself, for data sets that read blocks.
  virtual std::span<const data::block_part> blocks(partition_id p) const;

  /// The records of partition `p` that the driver holds and sends along, for data sets made of
  /// values; empty otherwise.
  virtual data::payload values(partition_id p) const;

  /// A cursor over partition `p`. Parents are opened through `context`. Throws `error` when an
  /// input is missing or does not decode.
  virtual data::any_cursor open(partition_id p, task_context& context) const = 0;

  /// Makes a payload of the records that `records` still has, and the other way round: what a kept
  /// partition is made of. Called only where level() is not `none`.
  virtual data::payload keep(data::cursor_base& records) const;
  virtual data::any_cursor open_kept(const data::payload& kept) const;

private:
  dataset_id id_;
  std::string operation_;
  std::vector<dependency> dependencies_;
  std::uint32_t partitions_;
};

} // namespace caf_stream::lineage
