#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/batch/infos.hpp"

// The life of batches: which is decided next, which outputs run now, when a batch is finished and
// what may be forgotten then. Decides and does no I/O; the batch scheduler does what it says.
//
//   due -> cut -> decided -> running -> finished      all outputs succeeded
//                                    -> given up       an output failed and the others have run
//
// Outputs run in order, batch after batch; `concurrent_jobs` of them at a time. Where batches build
// on each other (`ordered`), one begins only when all of the batch before it has ended.

namespace caf_stream::batch {

/// One output operation of one batch: what a job runner works on.
struct output_job {
  batch_time batch{};
  output_id_number output = 0;
};

/// What listeners are to be told, in order.
struct batch_submitted {
  batch_info info;
};
struct batch_started {
  batch_info info;
};
struct output_operation_started {
  output_operation_info info;
};
struct output_operation_completed {
  output_operation_info info;
};
struct batch_completed {
  batch_info info;
  bool given_up = false;
};
using batch_event = std::variant<batch_submitted, batch_started, output_operation_started,
                                 output_operation_completed, batch_completed>;

class scheduler_core {
public:
  scheduler_core(std::size_t concurrent_jobs, bool ordered);

  /// The batch at `t` is due. Times must rise.
  void on_due(batch_time t);

  /// The batch to decide now, if there is one and no blocks are being cut for another one.
  std::optional<batch_time> next_to_decide();

  /// Its blocks are cut; those of the next may be.
  void on_cut();

  /// The input of the oldest batch that is due is fixed: records of each stream, and the outputs
  /// that have a job.
  void on_decided(batch_time t, batch_time now, const std::map<stream_id, std::int64_t>& records,
                  std::vector<output_operation_info> outputs);

  /// The next output to run, if one may run now. The caller runs it.
  std::optional<output_job> next_job();

  void on_output_started(const output_job& job, batch_time now);
  void on_output_finished(const output_job& job, batch_time now,
                          const std::optional<std::string>& failure);

  /// What has happened since the last call.
  std::vector<batch_event> take_events();

  /// All batches up to this one have ended; nothing before any batch has.
  std::optional<batch_time> ended_through() const noexcept { return ended_through_; }

  /// Batches that are due or decided and have not ended.
  std::size_t unfinished() const noexcept { return due_.size() + batches_.size(); }

private:
  struct batch_state {
    batch_info info;
    std::deque<output_id_number> waiting; // outputs that have not been handed out
    std::size_t unfinished = 0;           // outputs
    bool failed = false;
  };

  void finish(batch_time t, batch_time now);

  std::size_t concurrent_jobs_;
  bool ordered_;
  std::size_t running_ = 0;
  std::deque<batch_time> due_;                // not yet decided
  std::size_t cut_ = 0;                       // of them, the first ones
  bool cutting_ = false;                      // for the one after those
  std::map<batch_time, batch_state> batches_; // decided and not ended
  std::optional<batch_time> ended_through_;
  std::set<batch_time> ended_early_; // ended while an earlier one had not
  std::vector<batch_event> events_;
};

} // namespace caf_stream::batch
