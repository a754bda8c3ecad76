#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "caf_stream/base/time.hpp"

// The values of a broadcast, one for each time it was updated. A batch sees one of them from its
// first output to its last, whatever is updated meanwhile, also where its tasks run again:
//
//   batches   1000 begun   2000 begun             3000
//   values    a ----------------- update(b) ----> b ---      b counts from the batch after the last
//                                                            one that has begun

namespace caf_stream::graph {

/// Thread-safe.
class broadcast_values {
public:
  using value = std::shared_ptr<const void>;

  explicit broadcast_values(value first);

  /// `next` is what batches see that have not begun yet.
  void update(value next);

  /// The value of the batch that this thread works for; outside of batches the newest one. Good as
  /// long as it is held. Asking again within a batch costs no lock.
  const void* get() const;

  /// The batch at `t` begins; said again for each of its outputs.
  void begin_batch(batch_time t);

  /// No batch at or before `t` runs any more.
  void forget_through(batch_time t);

  /// How many values are held.
  std::size_t size() const;

private:
  value find(std::optional<batch_time> batch) const;

  const std::uint64_t number_; // never given to another one
  mutable std::mutex mutex_;
  batch_time begun_ = batch_time::min();
  std::map<batch_time, value> since_; // each counts for the batches after its time
};

} // namespace caf_stream::graph
