#include "caf_stream/state/state_partition.hpp"

#include <chrono>
#include <string>

#include "caf_stream/base/error.hpp"

namespace caf_stream::stateful {

namespace {

// A task that runs as long behind another one's back was given up and hangs in the program's code.
constexpr std::chrono::seconds patience{10};

std::string in_words(batch_time version) {
  return version == no_batch ? "before the first batch"
                             : "of batch " + std::to_string(to_millis(version)) + " ms";
}

template <class Lock>
Lock lock_within_limit(const state_partition& partition) {
  Lock lock{partition.mutex(), std::defer_lock};
  if (!lock.try_lock_for(patience))
    throw error{errc::invalid_state, "the state is in use by a task that was given up and has not "
                                     "ended for 10 s: a function of the program hangs"};
  return lock;
}

} // namespace

state_partition::~state_partition() = default;

void state_partition::begin(batch_time from, batch_time to) {
  if (next_ > to)
    throw error{errc::invalid_state, "batch " + std::to_string(to_millis(to)) +
                                       " ms comes too late: the state has begun batch " +
                                       std::to_string(to_millis(next_)) + " ms"};
  if (open_ && complete_ && next_ == from) {
    keep_changes();
    version_ = next_;
    open_ = false;
  } else if (version_ != from) {
    throw error{errc::invalid_state, "the state is the one " + in_words(version()) +
                                       ", and batch " + std::to_string(to_millis(to)) +
                                       " ms needs the one " + in_words(from)};
  } else if (open_) {
    undo_changes();
    open_ = false;
  }
  next_ = to;
  open_ = true;
  complete_ = true;
}

std::unique_lock<std::shared_timed_mutex> lock_for_change(state_partition& partition) {
  return lock_within_limit<std::unique_lock<std::shared_timed_mutex>>(partition);
}

state_reading::state_reading(std::shared_ptr<const state_partition> partition)
  : partition_(std::move(partition)),
    lock_(lock_within_limit<std::shared_lock<std::shared_timed_mutex>>(*partition_)) {}

} // namespace caf_stream::stateful
