#include "caf_stream/graph/broadcast_values.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>

#include "caf_stream/base/batch_mark.hpp"

namespace caf_stream::graph {

namespace {

std::atomic<std::uint64_t> next_number{1};

/// What this thread found last, so that a function called for each record asks without a lock. It
/// also keeps the value as long as somebody may look at it.
struct found_value {
  std::uint64_t number = 0; // of the broadcast; 0: nothing was found yet
  std::optional<batch_time> batch;
  std::shared_ptr<const void> value;
};

thread_local std::array<found_value, 4> found_before;

} // namespace

broadcast_values::broadcast_values(value first) : number_(next_number++) {
  since_.emplace(batch_time::min(), std::move(first));
}

void broadcast_values::update(value next) {
  std::lock_guard guard{mutex_};
  since_[begun_] = std::move(next);
}

const void* broadcast_values::get() const {
  auto batch = current_batch();
  auto& found = found_before[number_ % found_before.size()];
  // Outside of batches an update counts at once.
  if (found.number != number_ || found.batch != batch || !batch)
    found = {number_, batch, find(batch)};
  return found.value.get();
}

auto broadcast_values::find(std::optional<batch_time> batch) const -> value {
  std::lock_guard guard{mutex_};
  if (!batch)
    return since_.rbegin()->second;
  auto after = since_.lower_bound(*batch); // the first that counts for later batches only
  return after == since_.begin() ? after->second : std::prev(after)->second;
}

void broadcast_values::begin_batch(batch_time t) {
  std::lock_guard guard{mutex_};
  begun_ = std::max(begun_, t);
}

void broadcast_values::forget_through(batch_time t) {
  std::lock_guard guard{mutex_};
  // The last one that counts for the batch after t stays, and all later ones.
  auto after = since_.upper_bound(t);
  if (after != since_.begin())
    since_.erase(since_.begin(), std::prev(after));
}

std::size_t broadcast_values::size() const {
  std::lock_guard guard{mutex_};
  return since_.size();
}

} // namespace caf_stream::graph
