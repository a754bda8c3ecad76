#include "caf_stream/base/clock.hpp"

#include <thread>

#include "caf_stream/base/error.hpp"

namespace caf_stream {

clock::~clock() = default;

system_clock::system_clock()
  : system_clock([] { return std::chrono::system_clock::now(); },
                 [] { return std::chrono::steady_clock::now(); }) {}

system_clock::system_clock(std::function<wall_time()> wall, std::function<steady_time()> steady)
  : wall_(std::move(wall)), steady_(std::move(steady)) {}

system_clock::wall_time system_clock::precise_now() const {
  std::lock_guard guard{mutex_};
  auto wall = wall_();
  auto steady = steady_();
  auto by_pace = last_ + std::chrono::duration_cast<wall_time::duration>(steady - last_steady_);
  // Less than this is a wall clock that is slewed, not set.
  constexpr auto slack = std::chrono::milliseconds{10};
  last_ = wall >= by_pace - slack ? std::max(wall, last_) : by_pace;
  last_steady_ = steady;
  return last_;
}

batch_time system_clock::now() const { return std::chrono::floor<duration>(precise_now()); }

std::chrono::nanoseconds system_clock::until(batch_time t) const {
  auto wait = t - precise_now();
  return std::max(std::chrono::duration_cast<std::chrono::nanoseconds>(wait),
                  std::chrono::nanoseconds{0});
}

void system_clock::reach(batch_time t) {
  for (auto wait = until(t); wait > wait.zero(); wait = until(t))
    std::this_thread::sleep_for(wait);
}

manual_clock::manual_clock(batch_time start) : now_(start) {}

batch_time manual_clock::now() const {
  std::lock_guard guard{mutex_};
  return now_;
}

std::chrono::nanoseconds manual_clock::until(batch_time t) const {
  return now() >= t ? std::chrono::nanoseconds{0} : std::chrono::nanoseconds::max();
}

void manual_clock::reach(batch_time t) {
  std::lock_guard guard{mutex_};
  if (t <= now_)
    return;
  now_ = t;
  for (auto& [id, f] : subscribers_)
    f(now_);
}

void manual_clock::advance(duration d) {
  if (d < duration{0})
    throw error{errc::invalid_argument,
                "a manual clock cannot go back by " + std::to_string(-d.count()) + " ms"};
  std::lock_guard guard{mutex_};
  now_ += d;
  for (auto& [id, f] : subscribers_)
    f(now_);
}

std::uint64_t manual_clock::subscribe(std::function<void(batch_time)> f) {
  std::lock_guard guard{mutex_};
  subscribers_.emplace(next_subscription_, std::move(f));
  return next_subscription_++;
}

void manual_clock::unsubscribe(std::uint64_t subscription) {
  std::lock_guard guard{mutex_};
  subscribers_.erase(subscription);
}

std::shared_ptr<clock> default_clock() {
  static const auto instance = std::make_shared<system_clock>();
  return instance;
}

} // namespace caf_stream
