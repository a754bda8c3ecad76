#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/graph/broadcast_list.hpp"
#include "caf_stream/graph/input_node.hpp"
#include "caf_stream/graph/stream_node.hpp"

// What the user asked for: operators, inputs and outputs. It is built by one thread, checked when
// it starts, and from then on only asked: for the data set of a batch, and what may be forgotten.
//
//   initialized --start--> active --stop--> stopped      one way; a failed start also stops

namespace caf_stream {

/// The life of a context and its graph.
enum class context_state : std::uint8_t { initialized, active, stopped };

} // namespace caf_stream

namespace caf_stream::graph {

struct output_operation;

/// What an output does with a batch's data set, on the driver.
using output_action =
  std::function<void(const output_operation&, const lineage::dataset_ptr&, batch_time)>;

struct output_operation {
  output_id_number number = 0;
  std::string name;        ///< what the user called: `print`
  std::string description; ///< name and line
  operator_id id;          ///< known once the graph has started
  node_ptr parent;
  output_action action;
};

/// What nobody may look back at any more.
struct forgotten {
  std::vector<block_id> blocks;
  /// For each operator and output: up to which batch its persisted data sets are.
  std::vector<std::pair<operator_id, batch_time>> kept;
};

class stream_graph {
public:
  /// Throws errc::invalid_argument unless `batch_interval` > 0.
  explicit stream_graph(duration batch_interval);

  duration batch_interval() const noexcept { return batch_interval_; }
  context_state state() const noexcept { return state_; }

  /// Throws errc::invalid_state, saying what cannot be done, unless the graph is still being built.
  void check_can_change(const std::string& what) const;

  // -- building ----------------------------------------------------------------------------------

  stream_id next_stream_id() const noexcept { return static_cast<stream_id>(inputs_.size()); }
  node_ptr add(node_description description, compute_dataset compute);
  node_ptr add(node_ptr node);
  void add_input(input_ptr input);
  void add_output(std::string name, node_ptr parent, output_action action, source_location where);

  /// At least this long every stream keeps its batches. At most once.
  void remember(duration d);

  /// The same, whatever was said before: settings overrule the program.
  void overrule_remember(duration d);

  /// There is a folder that snapshots go to. Operators that keep a state are to have names then.
  void expect_checkpoints();

  const std::vector<input_ptr>& inputs() const noexcept { return inputs_; }
  const std::vector<output_operation>& outputs() const noexcept { return outputs_; }

  /// May be added to at any time.
  broadcast_list& broadcasts() const noexcept { return *broadcasts_; }

  // -- life --------------------------------------------------------------------------------------

  /// Checks the whole graph and fixes ids and retention times. The first batch is the one after
  /// `zero`. Throws errc::invalid_graph with every finding; the graph is stopped then.
  void start(batch_time zero);
  void stop() noexcept { state_ = context_state::stopped; }

  /// Drops what the program's functions hold, once nothing runs any more.
  void release();

  batch_time zero_time() const noexcept { return zero_; }

  /// True where batches must run one after the other, whatever `concurrent-jobs` says.
  bool ordered() const noexcept { return ordered_; }

  /// The operators that an output needs and that keep what cannot be computed again, for people.
  /// Known once the graph has started.
  std::vector<std::string> operators_with_state() const;

  // -- batches; thread-safe ----------------------------------------------------------------------

  /// Fixes what the batch at `t` reads: `blocks` of receivers, and what the driver's own inputs
  /// have. Returns the number of records of each stream.
  std::map<stream_id, std::int64_t>
  decide(batch_time t, std::map<stream_id, std::vector<data::block_info>> blocks,
         std::uint32_t workers, bool last);

  /// Numbers of the outputs that have a batch at `t`.
  std::vector<output_id_number> outputs_at(batch_time t) const;

  /// Compiles and runs one output of the batch at `t`, in this thread. Throws what user code or
  /// the engine throws.
  void run_output(output_id_number output, batch_time t) const;

  /// The batches of `node` from `from` to `to`, both included and aligned down to its slide, as far
  /// as they have begun; computed now where no output has asked for them. Throws
  /// errc::invalid_state before the graph has started, and for batches that are not remembered.
  std::vector<lineage::dataset_ptr> slice(stream_node& node, batch_time from, batch_time to) const;

  /// Called when the batch at `t` has ended, before another one begins that is ordered after it.
  void end_batch(batch_time t, bool given_up);

  /// Called when the batch at `t` and all before it are finished.
  forgotten clear_through(batch_time t);

  /// Input streams fed by the driver have records that no batch has taken.
  bool has_waiting_input() const;

  /// One line an operator, parents first.
  std::string explain() const;

private:
  duration checked_remember(duration d) const;
  void assign_ids();
  void reach_for_late_batches();
  void warn_of_unnamed_state() const;
  std::vector<std::string> findings() const;
  std::vector<stream_node*> reachable() const;
  std::map<const stream_node*, batch_time> forgettable(batch_time t) const;

  duration batch_interval_;
  std::atomic<context_state> state_{context_state::initialized};
  std::vector<node_ptr> nodes_;       // in the order they were made, so parents first
  std::vector<stream_node*> running_; // those that an output needs, in that order
  std::vector<input_ptr> inputs_;
  std::vector<output_operation> outputs_;
  std::optional<duration> remember_;
  batch_time zero_{};
  bool ordered_ = false;
  bool has_checkpoints_ = false;
  mutable std::atomic<std::int64_t> begun_through_{std::numeric_limits<std::int64_t>::min()}; // ms
  std::unique_ptr<broadcast_list> broadcasts_ = std::make_unique<broadcast_list>();
};

} // namespace caf_stream::graph
