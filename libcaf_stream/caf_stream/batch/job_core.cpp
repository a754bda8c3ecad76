#include "caf_stream/batch/job_core.hpp"

#include <algorithm>

namespace caf_stream::batch {

namespace {

// One task runs and the next is already there when it ends.
constexpr std::uint32_t tasks_per_slot = 2;

} // namespace

job_core::job_core(job_id id, const plan::job_plan& plan, std::uint32_t slots,
                   std::uint32_t max_attempts)
  : id_(id), plan_(plan), max_attempts_(max_attempts), load_(slots), stages_(plan.stages.size()) {
  unfinished_ = stages_.size();
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    stages_[i].tasks.resize(plan.stages[i].partitions.size());
    stages_[i].unfinished = stages_[i].tasks.size();
    stages_[i].parents = plan.stages[i].parents.size();
  }
  results_.resize(stages_.back().tasks.size());
  for (std::size_t i = 0; i < stages_.size(); ++i)
    if (plan.stages[i].parents.empty())
      make_ready(i);
}

void job_core::make_ready(std::size_t number) {
  auto& stage = stages_[number];
  for (std::size_t i = 0; i < stage.tasks.size(); ++i) {
    stage.tasks[i].phase = task_phase::ready;
    ready_.emplace_back(number, i);
  }
  if (!stage.tasks.empty())
    return;
  // A stage without tasks is finished as soon as it could begin.
  --unfinished_;
  for (std::size_t i = number + 1; i < stages_.size(); ++i) {
    auto& parents = plan_.stages[i].parents;
    for (auto parent : parents)
      if (parent == number && --stages_[i].parents == 0)
        make_ready(i);
  }
}

std::vector<task_launch> job_core::launches() {
  std::vector<task_launch> result;
  while (!failure_ && !outdated_ && !ready_.empty()) {
    auto slot = std::min_element(load_.begin(), load_.end()) - load_.begin();
    if (load_[static_cast<std::size_t>(slot)] >= tasks_per_slot)
      break;
    auto [number, index] = ready_.front();
    ready_.pop_front();
    auto& task = stages_[number].tasks[index];
    task.phase = task_phase::running;
    task.slot = static_cast<worker_slot>(slot);
    ++load_[task.slot];
    ++running_;
    result.push_back({{id_, static_cast<std::uint32_t>(number),
                       plan_.stages[number].partitions[index], task.attempt},
                      task.slot});
  }
  return result;
}

std::size_t job_core::index_of(const task_id& id) const {
  auto& partitions = plan_.stages[id.stage].partitions;
  return static_cast<std::size_t>(std::find(partitions.begin(), partitions.end(), id.partition) -
                                  partitions.begin());
}

job_core::task_state* job_core::current(const task_id& id) {
  if (id.job != id_ || id.stage >= stages_.size())
    return nullptr;
  auto index = index_of(id);
  if (index == stages_[id.stage].tasks.size())
    return nullptr;
  auto& task = stages_[id.stage].tasks[index];
  return task.phase == task_phase::running && task.attempt == id.attempt ? &task : nullptr;
}

bool job_core::on_finished(const task_id& id, data::payload result) {
  auto* task = current(id);
  if (task == nullptr)
    return false;
  leave(*task);
  task->phase = task_phase::done;
  if (id.stage + 1 == stages_.size())
    results_[index_of(id)] = std::move(result);
  if (--stages_[id.stage].unfinished != 0)
    return true;
  --unfinished_;
  for (std::size_t i = id.stage + 1; i < stages_.size(); ++i)
    for (auto parent : plan_.stages[i].parents)
      if (parent == id.stage && --stages_[i].parents == 0)
        make_ready(i);
  return true;
}

bool job_core::on_failed(const task_id& id, const std::string& why) {
  auto* task = current(id);
  if (task == nullptr)
    return false;
  leave(*task);
  if (++task->failures >= max_attempts_) {
    failure_ = why;
    return true;
  }
  retry(id.stage, index_of(id));
  return true;
}

void job_core::on_worker_lost(worker_slot slot) {
  for (std::size_t number = 0; number < stages_.size(); ++number)
    for (std::size_t i = 0; i < stages_[number].tasks.size(); ++i) {
      auto& task = stages_[number].tasks[i];
      if (task.phase != task_phase::running || task.slot != slot)
        continue;
      leave(task);
      if (++task.losses > max_attempts_)
        failure_ = "partition " + std::to_string(plan_.stages[number].partitions[i]) + " of " +
                   plan_.stages[number].target->operation() + " lost its worker " +
                   std::to_string(task.losses) + " times";
      else
        retry(number, i);
    }
}

bool job_core::on_outdated(const task_id& id) {
  auto* task = current(id);
  if (task == nullptr)
    return false;
  leave(*task);
  task->phase = task_phase::waiting;
  outdated_ = true;
  return true;
}

void job_core::leave(task_state& task) {
  --load_[task.slot];
  --running_;
}

void job_core::retry(std::size_t number, std::size_t index) {
  auto& task = stages_[number].tasks[index];
  ++task.attempt;
  task.phase = task_phase::ready;
  ready_.emplace_front(number, index);
}

} // namespace caf_stream::batch
