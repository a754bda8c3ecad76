#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/engine/listener.hpp"
#include "caf_stream/exec/active_job.hpp"
#include "caf_stream/lineage/dataset.hpp"

// What the typed layer and the context ask of whatever runs it all. The actors implement it; the
// shelf knows nothing else of them.

namespace caf_stream::engine {

/// Compute some partitions of a data set and do something with each, where the data is.
struct job_request {
  lineage::dataset_ptr target;
  std::vector<partition_id> partitions;
  exec::partition_action action;
  std::string description; ///< for errors: `count`, `save_as_text_files`
};

/// Runs jobs. Thread-safe.
class job_engine {
public:
  virtual ~job_engine();

  /// Runs a job and waits for it: one result a partition, in the order asked for. Must not be
  /// called on a partition worker. Throws `error`: errc::task_failed when a task failed at every
  /// attempt, errc::stopped when the engine ended meanwhile.
  virtual std::vector<data::payload> run(job_request request) = 0;

  /// Forgets at once what is kept of a persisted data set, which is not kept any more from now on.
  virtual void unpersist(const lineage::dataset_ptr& set) = 0;

  virtual data::table_seed seed() const = 0;
  virtual std::uint32_t workers() const = 0;
  virtual std::uint32_t default_partitions() const = 0;
};

using engine_ptr = std::shared_ptr<job_engine>;

/// Runs a graph: ticks, receivers, batches. Thread-safe.
class stream_engine : public job_engine {
public:
  /// Begins: the graph has started, its first batch is the one after its zero time.
  virtual void start() = 0;

  /// Asks for the end and returns at once. Gracefully: receivers end first, and all that they
  /// stored is processed; where that takes longer than `timeout`, the end comes at once. A second
  /// call that is not graceful hurries a graceful one.
  virtual void request_stop(bool gracefully, std::optional<duration> timeout = std::nullopt) = 0;

  /// Waits for the end; false when `deadline` came first.
  virtual bool await_stopped(std::optional<std::chrono::steady_clock::time_point> deadline) = 0;

  /// Waits for the end or for a failure, which is rethrown, each once.
  virtual bool await_termination(std::optional<std::chrono::steady_clock::time_point> deadline) = 0;

  /// True on a thread that the end has to wait for: of a job runner, a listener or a receiver.
  virtual bool on_own_thread() const = 0;

  virtual listener_list& listeners() = 0;

  /// Tells listeners that records are lost.
  virtual void report_loss(loss_info loss) = 0;
};

} // namespace caf_stream::engine
