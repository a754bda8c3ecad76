#pragma once

#include <vector>

#include "caf_stream/graph/broadcast_values.hpp"

namespace caf_stream::graph {

/// The broadcasts of a graph that somebody still holds, and the batches they are told of.
/// Thread-safe.
class broadcast_list {
public:
  /// A broadcast may be made at any time.
  std::shared_ptr<broadcast_values> add(broadcast_values::value first);

  void begin_batch(batch_time t);
  void forget_through(batch_time t);

private:
  /// Calls f with each that is still there.
  template <class F>
  void for_each(F f);

  std::mutex mutex_;
  std::vector<std::weak_ptr<broadcast_values>> all_;
  batch_time begun_ = batch_time::min();
};

} // namespace caf_stream::graph
