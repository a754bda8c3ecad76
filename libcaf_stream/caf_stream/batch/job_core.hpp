#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/data/payload.hpp"
#include "caf_stream/plan/job_plan.hpp"

// The life of a job's tasks: which may run now, where, which are tried again, when the job has
// succeeded or failed. Decides and does no I/O; whoever runs the job sends what it says.
//
//   waiting (parents unfinished) -> ready -> running -> done
//                                     ^         |
//                                     +- failed +-> job failed, after `max_attempts`
//
// A job whose plan is outdated starts no more tasks and ends with those that run.

namespace caf_stream::batch {

/// A place that runs tasks. Slots are numbered; the actor in a slot may change.
using worker_slot = std::uint32_t;

struct task_launch {
  task_id id;
  worker_slot slot = 0;
};

class job_core {
public:
  /// `max_attempts` counts the first one. Requires slots > 0.
  job_core(job_id id, const plan::job_plan& plan, std::uint32_t slots, std::uint32_t max_attempts);

  /// Tasks to send off now. Call after each change.
  std::vector<task_launch> launches();

  /// Each returns false when the answer is not of the task's present attempt: a late answer of one
  /// that was given up. Such an answer changes nothing.
  bool on_finished(const task_id& id, data::payload result);
  bool on_failed(const task_id& id, const std::string& why);

  /// The actor in `slot` died: its tasks are ready again. That is no fault of theirs, so it costs
  /// no attempt until it has happened `max_attempts` times to one of them.
  void on_worker_lost(worker_slot slot);

  /// The plan of the job counts on something that is not kept any more. No other task begins, and
  /// the job has finished when those that run have: what is left is to be planned anew.
  bool on_outdated(const task_id& id);
  bool outdated() const noexcept { return outdated_; }

  bool finished() const noexcept {
    return unfinished_ == 0 || failure_.has_value() || (outdated_ && running_ == 0);
  }
  const std::optional<std::string>& failure() const noexcept { return failure_; }

  /// The action's results in partition order; of an outdated job, nothing where a task was not
  /// done. Requires finished() without failure().
  std::vector<std::optional<data::payload>> take_results() { return std::move(results_); }

private:
  enum class task_phase : std::uint8_t { waiting, ready, running, done };

  struct task_state {
    task_phase phase = task_phase::waiting;
    std::uint32_t attempt = 0;
    std::uint32_t failures = 0;
    std::uint32_t losses = 0;
    worker_slot slot = 0;
  };

  struct stage_state {
    std::vector<task_state> tasks;
    std::size_t unfinished = 0;
    std::size_t parents = 0;
  };

  task_state* current(const task_id& id);
  std::size_t index_of(const task_id& id) const;
  void make_ready(std::size_t stage);
  void retry(std::size_t stage, std::size_t index);
  void leave(task_state& task);

  job_id id_;
  const plan::job_plan& plan_;
  std::uint32_t max_attempts_;
  std::vector<std::uint32_t> load_; // running tasks of each slot
  std::vector<stage_state> stages_;
  std::deque<std::pair<std::size_t, std::size_t>> ready_; // stage, index of the task
  std::size_t unfinished_ = 0;                            // stages
  std::size_t running_ = 0;                               // tasks
  std::vector<std::optional<data::payload>> results_;
  std::optional<std::string> failure_;
  bool outdated_ = false;
};

} // namespace caf_stream::batch
