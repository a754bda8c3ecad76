#pragma once

#include <memory>
#include <utility>

#include "caf_stream/graph/broadcast_values.hpp"

namespace caf_stream {

/// A value that functions of streams and rdds read where they run; `streaming_context::broadcast`
/// makes it. A cheap handle; copies share the value, and functions capture one. Thread-safe.
///
///   auto limit = ssc.broadcast(10);
///   numbers.filter([limit](int x) { return x < limit.value(); }).foreach_rdd(
///     [limit](const rdd<int>& batch) { limit.update(batch.is_empty() ? 20 : 10); });
template <class T>
class broadcast {
public:
  using value_type = T;

  /// For the library.
  explicit broadcast(std::shared_ptr<graph::broadcast_values> values)
    : values_(std::move(values)) {}

  /// Inside of a batch, in a task or on the driver, the value that the batch has seen since it
  /// began; it stays good until the batch ends. Outside the newest one, good until this thread asks
  /// again.
  const T& value() const { return *static_cast<const T*>(values_->get()); }

  /// `next` is the value from the next batch on: of all batches that have not begun yet.
  void update(T next) const { values_->update(std::make_shared<const T>(std::move(next))); }

private:
  std::shared_ptr<graph::broadcast_values> values_;
};

} // namespace caf_stream
