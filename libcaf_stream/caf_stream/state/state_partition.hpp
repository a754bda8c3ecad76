#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "caf_stream/base/time.hpp"

// What one partition of an operator keeps from batch to batch. It is changed in place, and what a
// batch changes is one transaction: an account of what was there before is held until the next
// batch says which one it builds on. So a task that is tried again, and a batch that was given up,
// leave nothing behind. (The namespace is not called as the room, since programs know `state<S>`.)
//
//                     begin(1000, 2000)                 begin(2000, 3000)
//   at 1000  ------------------------->  1000 -> 2000  ------------------>  2000 -> 3000
//                                         |  ^                              2000 was right: kept
//                                         |  | begin(1000, 2000): undone, once more
//                                         |
//                                         +- begin(1000, 3000): 2000 was given up, so undone
//                                                                           1000 -> 3000

namespace caf_stream::stateful {

/// The state that no batch has changed.
inline constexpr batch_time no_batch = batch_time::min();

/// One partition's state. Who changes or reads it holds the lock: exclusive for change. A task that
/// was given up may still be at it, so nobody waits for the lock without a limit.
class state_partition {
public:
  virtual ~state_partition();

  /// Prepares for the changes of batch `to`, which build on the result of batch `from`. Throws
  /// errc::invalid_state where the state is neither the result of `from`, nor of a batch on top of
  /// it; then nothing has changed. Requires the lock.
  void begin(batch_time from, batch_time to);

  /// Whether all changes of the batch that was begun are there: only then can another one build on
  /// it. Who may fail half way says no before and yes after. Requires the lock.
  void set_complete(bool yes) noexcept { complete_ = yes; }

  /// The batch whose result this is, also while that batch may yet be undone. Requires the lock.
  batch_time version() const noexcept { return open_ && complete_ ? next_ : version_; }

  /// Memory held, about, with what would be needed to undo the last batch. Requires the lock.
  virtual std::size_t memory_bytes() const = 0;

  std::shared_timed_mutex& mutex() const noexcept { return mutex_; }

protected:
  /// The batch that is changing it, once one has begun.
  batch_time batch() const noexcept { return next_; }

  /// The last batch's changes are here to stay.
  virtual void keep_changes() = 0;

  /// Makes the state what it was before the last batch, which may have failed at any point.
  virtual void undo_changes() noexcept = 0;

private:
  mutable std::shared_timed_mutex mutex_;
  batch_time version_ = no_batch;
  batch_time next_ = no_batch;
  bool open_ = false;
  bool complete_ = true;
};

/// Locks for change. Throws errc::invalid_state where another task does not end.
std::unique_lock<std::shared_timed_mutex> lock_for_change(state_partition& partition);

/// A partition that does not change while this lives.
class state_reading {
public:
  /// Throws errc::invalid_state where a task that changes the state does not end.
  explicit state_reading(std::shared_ptr<const state_partition> partition);

  const state_partition& partition() const noexcept { return *partition_; }

private:
  std::shared_ptr<const state_partition> partition_;
  std::shared_lock<std::shared_timed_mutex> lock_;
};

} // namespace caf_stream::stateful
