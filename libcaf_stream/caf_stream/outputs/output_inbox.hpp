#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "caf_stream/outputs/output_id.hpp"

namespace caf_stream {

/// For a sink: which outputs it has taken in, so that one that is handed over again, by a task that
/// was run again, is dropped. With it what happens to the sink's own state happens once for each
/// partition of each batch.
///
///   [=](const output_id& id, const std::vector<T>& records) {
///     if (self->state.inbox.take(id))
///       self->state.add(records);
///   }
///
/// For one thread, such as an actor's state.
class output_inbox {
public:
  /// Remembers this many batches of each partition of each output; an older one counts as taken.
  /// At least 1. There must be more than batches under way at once.
  explicit output_inbox(std::size_t batches = 1024);

  /// True the first time an output is offered: now it is taken. False for a repeat, and for an
  /// output of an earlier life of the driver than the latest that has offered one.
  bool take(const output_id& id);

  /// Lets an output that could not be worked off be offered again.
  void give_back(const output_id& id);

  /// Repeats and outdated outputs so far.
  std::uint64_t dropped() const noexcept { return dropped_; }

private:
  struct taken_batches {
    std::set<batch_time> times;
    batch_time forgotten_through = batch_time::min();
  };

  std::size_t batches_;
  std::map<std::pair<std::string, partition_id>, taken_batches> taken_;
  std::uint64_t latest_epoch_ = 0;
  std::uint64_t dropped_ = 0;
};

} // namespace caf_stream
