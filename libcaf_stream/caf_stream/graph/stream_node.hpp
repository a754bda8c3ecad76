#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/source_location.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/lineage/dataset.hpp"

// An operator of the stream graph, with its record type erased. It turns a batch time into that
// batch's data set, at most once a batch, however many outputs ask; what it made is remembered for
// as long as the graph says that somebody may look back at it.

namespace caf_stream::graph {

class stream_graph;
class stream_node;
using node_ptr = std::shared_ptr<stream_node>;

/// Makes the data set of a batch. Null: this operator has none at that time.
using compute_dataset = std::function<lineage::dataset_ptr(batch_time)>;

/// Wraps a data set so that its partitions are kept at a level.
using persist_dataset = std::function<lineage::dataset_ptr(lineage::dataset_ptr, storage_level)>;

/// What an operator is made of.
struct node_description {
  std::string kind;              ///< what the user called: `map`
  std::vector<node_ptr> parents; ///< all of one graph and one slide, but where the operator says so
  duration slide{};              ///< time between its batches
  duration reach{};              ///< how far before a batch it looks at its parents' batches
  bool ordered = false;          ///< batch n needs what batch n-1 left: state, windows
  bool keeps_state = false;      ///< what it keeps cannot be computed again: state
  source_location where;         ///< the line that made it
};

class stream_node {
public:
  stream_node(stream_graph& graph, node_description description, compute_dataset compute);
  virtual ~stream_node();

  stream_node(const stream_node&) = delete;
  stream_node& operator=(const stream_node&) = delete;

  stream_graph& graph() const noexcept { return graph_; }
  const std::string& kind() const noexcept { return description_.kind; }
  const std::vector<node_ptr>& parents() const noexcept { return description_.parents; }
  duration slide() const noexcept { return description_.slide; }
  duration reach() const noexcept { return description_.reach; }
  bool ordered() const noexcept { return description_.ordered; }
  bool keeps_state() const noexcept { return description_.keeps_state; }

  /// `kind` and the line that made it, for people: `map at main.cpp:12`.
  std::string label() const;

  /// Known once the graph has started.
  operator_id id() const noexcept { return id_; }

  // -- set-up; each throws errc::invalid_state once the graph has started ------------------------

  void set_name(std::string uid);
  const std::string& name() const noexcept { return name_; }

  /// The parent that the same call of the user made to keep what this operator reads. It is named
  /// with this one, and where it keeps a state, snapshots are of it.
  void set_keeper(node_ptr keeper);
  virtual void persist(storage_level level, persist_dataset wrap);
  storage_level level() const noexcept { return level_; }

  /// How far apart snapshots of what it, or its keeper, keeps are to be. Returns the one it is that
  /// they are of. Throws errc::invalid_argument unless `interval` > 0.
  stream_node& checkpoint(duration interval);
  std::optional<duration> checkpoint_interval() const noexcept { return checkpoint_interval_; }

  // -- batches; thread-safe ----------------------------------------------------------------------

  /// True where the operator has a batch at `t`.
  bool is_valid(batch_time t) const;

  /// The data set of the batch at `t`: made now, by this thread, or by an earlier call. Null where
  /// there is none. What making it threw is thrown to everyone who asks.
  virtual lineage::dataset_ptr get_or_compute(batch_time t);

  /// True where making the batch at `t` has failed, here or above, or where it is that of a state
  /// and was given up.
  bool has_failed(batch_time t) const;

  /// Drops batches at or before `t`.
  void forget_through(batch_time t);

  /// The batch up to which they have been dropped, batch_time::min() for none.
  batch_time forgotten_through() const;

  /// How long a batch is looked back at after its own time.
  duration remembered() const noexcept { return remembered_; }

  /// Batches that nobody asks for are made as well, with the next one that somebody does.
  virtual bool has_each_batch() const noexcept { return false; }

  /// Drops its batches and the functions that it was given, which may hold what keeps the context's
  /// engine alive. Nobody may use it any more.
  virtual void release();

  /// The batch at `t` has ended, one way or the other.
  virtual void end_batch(batch_time t, bool given_up);

  /// The batches of its parents up to this one it has read for good; later ones it may yet ask for,
  /// however old they are. batch_time::max() where it asks for them in their time only.
  virtual batch_time read_through() const;

protected:
  /// Called by get_or_compute() once a batch, in the operator's id scope.
  virtual lineage::dataset_ptr compute(batch_time t);

  /// Called by get_or_compute() with what compute() made, before anybody reads it.
  virtual void settle(const lineage::dataset_ptr& set, batch_time t);

  /// Called by get_or_compute() after that, once the batch may be read, and also where making it
  /// has failed. Must not throw.
  virtual void made(batch_time t, bool failed);

  /// Called when the graph starts and remembered() is known.
  virtual void prepare();

  /// The batch at `t` cannot be read any more: whoever asks for it is told why. Nothing changes
  /// where making it has failed.
  void fail_batch(batch_time t, std::exception_ptr why);

  /// Keeps batches at `level`, also where the program has said another one.
  void keep_at(storage_level level, persist_dataset wrap);

private:
  friend class stream_graph;

  struct generated {
    bool done = false;
    std::thread::id maker; ///< until it is done
    lineage::dataset_ptr set;
    std::exception_ptr failure;
  };

  void require_remembered(duration d);

  stream_graph& graph_;
  node_description description_;
  compute_dataset compute_;
  std::string name_;
  node_ptr keeper_;
  bool is_keeper_ = false; // of another that has the same name
  operator_id id_;
  storage_level level_ = storage_level::none;
  persist_dataset persist_;
  std::optional<duration> checkpoint_interval_;
  duration remembered_{};
  mutable std::mutex mutex_;
  std::condition_variable made_;
  std::map<batch_time, std::shared_ptr<generated>> generated_;
  batch_time forgotten_ = batch_time::min();
};

} // namespace caf_stream::graph
