#pragma once

#include <functional>
#include <mutex>
#include <set>

#include "caf_stream/graph/stream_node.hpp"

namespace caf_stream::graph {

/// What an operator with state does at a batch.
struct state_operation {
  /// Makes the data set of the batch at `to`, which changes the state in place; it builds on what
  /// the batch at `from` left, stateful::no_batch for the first one.
  std::function<lineage::dataset_ptr(batch_time from, batch_time to)> step;

  /// Computes all partitions of a data set, now, and throws where one fails.
  std::function<void(const lineage::dataset_ptr&)> run;

  /// Keeps a batch's records for those who look back at it, when the state has moved on. Null where
  /// the data set keeps them itself.
  persist_dataset keep;

  /// How far back a step reads its parents' batches where earlier steps were given up. Zero: what a
  /// batch that was given up has read is not read again.
  duration reads_again{};
};

/// A stream that reads in place what a state_node keeps. Where its batches are looked back at, each
/// is computed and kept while the state is still that of the batch.
class state_view_node final : public stream_node {
public:
  /// `run` and `keep` are as in state_operation.
  state_view_node(stream_graph& graph, node_description description, compute_dataset compute,
                  std::function<void(const lineage::dataset_ptr&)> run, persist_dataset keep);

  lineage::dataset_ptr get_or_compute(batch_time t) override;
  void release() override;

  /// Its batches are read later than in their own.
  bool looked_back_at() const noexcept { return remembered() > duration{0}; }

protected:
  void settle(const lineage::dataset_ptr& set, batch_time t) override;
  void prepare() override;

private:
  std::function<void(const lineage::dataset_ptr&)> run_;
  persist_dataset keep_;
};

/// An operator that keeps something from batch to batch and changes it in place. So each of its
/// batches is run once, in order and as a whole, before anybody reads it; also one that no output
/// asks for, since the next builds on it:
///
///   batch    1000 applied    2000 applied    3000 given up    4000 applied
///   builds on   -            1000            2000             2000
///
/// Several outputs may ask for several of its batches at once; they take turns.
class state_node final : public stream_node {
public:
  state_node(stream_graph& graph, node_description description, state_operation operation);

  /// Adds a stream that reads in place what this one keeps.
  void add_view(std::shared_ptr<state_view_node> view);

  bool has_each_batch() const noexcept override { return true; }
  void release() override;
  void end_batch(batch_time t, bool given_up) override;
  batch_time read_through() const override;

protected:
  lineage::dataset_ptr compute(batch_time t) override;
  void settle(const lineage::dataset_ptr& set, batch_time t) override;
  void made(batch_time t, bool failed) override;
  void prepare() override;

private:
  void catch_up(batch_time t);
  void take_turn(batch_time t);
  void pass_over(batch_time t);

  state_operation operation_;
  std::vector<std::weak_ptr<state_view_node>> views_;
  mutable std::mutex mutex_;
  std::condition_variable turn_ended_;
  std::optional<batch_time> turn_;   // the batch that is being run
  batch_time begun_;                 // the latest batch that was begun or passed over
  std::set<batch_time> passed_over_; // later ones that were given up
  batch_time applied_;               // the batch whose result the state is
  batch_time previous_;              // the one that batch built on
};

/// True where a stream is that of a state_node, or made of one: its batches can be read again only
/// as far as they are kept.
bool builds_on_state(const stream_node& node);

} // namespace caf_stream::graph
