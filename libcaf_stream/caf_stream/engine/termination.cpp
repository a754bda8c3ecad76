#include "caf_stream/engine/termination.hpp"

namespace caf_stream::engine {

namespace {

template <class Condition>
bool wait(std::condition_variable& changed, std::unique_lock<std::mutex>& guard,
          std::optional<std::chrono::steady_clock::time_point> deadline, Condition condition) {
  if (deadline)
    return changed.wait_until(guard, *deadline, condition);
  changed.wait(guard, condition);
  return true;
}

} // namespace

void termination::report(std::exception_ptr failure) {
  std::lock_guard guard{mutex_};
  if (failures_.size() < max_kept)
    failures_.push_back(std::move(failure));
  changed_.notify_all();
}

void termination::set_stopped() {
  std::lock_guard guard{mutex_};
  stopped_ = true;
  changed_.notify_all();
}

bool termination::stopped() const {
  std::lock_guard guard{mutex_};
  return stopped_;
}

bool termination::await(std::optional<std::chrono::steady_clock::time_point> deadline) {
  std::unique_lock guard{mutex_};
  wait(changed_, guard, deadline, [&] { return stopped_ || !failures_.empty(); });
  if (!failures_.empty()) {
    auto failure = std::move(failures_.front());
    failures_.pop_front();
    guard.unlock();
    std::rethrow_exception(failure);
  }
  return stopped_;
}

bool termination::await_stopped(
  std::optional<std::chrono::steady_clock::time_point> deadline) const {
  std::unique_lock guard{mutex_};
  return wait(changed_, guard, deadline, [&] { return stopped_; });
}

} // namespace caf_stream::engine
