#include "caf_stream/actors/task_watch.hpp"

namespace caf_stream::actors {

bool task_watch::begin(caf::actor_id worker, const task_id& id, const caf::actor& asker) {
  std::lock_guard guard{mutex_};
  if (retired_.contains(worker))
    return false;
  running_.insert_or_assign(worker,
                            running_task{worker, id, asker, std::chrono::steady_clock::now()});
  return true;
}

bool task_watch::end(caf::actor_id worker) {
  std::lock_guard guard{mutex_};
  running_.erase(worker);
  return !retired_.contains(worker);
}

std::vector<task_watch::running_task> task_watch::begun_before(time_point limit) const {
  std::lock_guard guard{mutex_};
  std::vector<running_task> result;
  for (auto& [worker, task] : running_)
    if (task.since < limit)
      result.push_back(task);
  return result;
}

bool task_watch::retire(const running_task& task) {
  std::lock_guard guard{mutex_};
  auto i = running_.find(task.worker);
  if (i == running_.end() || i->second.id != task.id)
    return false;
  running_.erase(i);
  retired_.insert(task.worker);
  return true;
}

void task_watch::forget(caf::actor_id worker) {
  std::lock_guard guard{mutex_};
  running_.erase(worker);
  retired_.erase(worker);
}

} // namespace caf_stream::actors
