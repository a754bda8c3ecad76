#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include <caf/actor.hpp>

#include "caf_stream/base/ids.hpp"

namespace caf_stream::actors {

/// What the partition workers of a node run at this moment. Workers write it, the node agent reads
/// it and retires those that take too long: a thread cannot be made to return, so another worker
/// takes the place, and what the old one still brings is refused. Thread-safe.
class task_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct running_task {
    caf::actor_id worker = 0;
    task_id id;
    caf::actor asker; ///< who wants to know how it went
    time_point since;
  };

  /// False where the worker is retired: then it does not run the task.
  bool begin(caf::actor_id worker, const task_id& id, const caf::actor& asker);

  /// False where the worker was retired meanwhile: then nobody wants the result.
  bool end(caf::actor_id worker);

  std::vector<running_task> begun_before(time_point limit) const;

  /// False where the worker does not run this task any more.
  bool retire(const running_task& task);

  /// The actor has ended.
  void forget(caf::actor_id worker);

private:
  mutable std::mutex mutex_;
  std::map<caf::actor_id, running_task> running_;
  std::set<caf::actor_id> retired_;
};

} // namespace caf_stream::actors
