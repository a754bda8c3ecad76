#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "caf_stream/batch/infos.hpp"

namespace caf_stream {

/// Is told what happens in a context: one call at a time, in order, on a thread of its own. What it
/// throws is logged. It may call stop() on the context, which then does not wait. Override what you
/// need.
class streaming_listener {
public:
  virtual ~streaming_listener();

  virtual void on_streaming_started(batch_time) {}

  virtual void on_receiver_started(const receiver_info&) {}
  virtual void on_receiver_error(const receiver_info&) {}
  virtual void on_receiver_stopped(const receiver_info&) {}

  virtual void on_batch_submitted(const batch_info&) {}
  virtual void on_batch_started(const batch_info&) {}

  /// Also for batches that were given up: their outputs say why.
  virtual void on_batch_completed(const batch_info&) {}

  /// Batches take longer than the time between them, so that each waits longer than the one before.
  /// Told once, until the delay has recovered.
  virtual void on_delay_rising(const delay_info&) {}
  virtual void on_delay_recovered(const delay_info&) {}

  virtual void on_output_operation_started(const output_operation_info&) {}
  virtual void on_output_operation_completed(const output_operation_info&) {}

  virtual void on_records_lost(const loss_info&) {}

  virtual void on_node_joined(const node_info&) {}
  virtual void on_node_left(const node_info&) {}
};

namespace engine {

/// The listeners of a context, in the order they were added. Thread-safe.
class listener_list {
public:
  void add(std::shared_ptr<streaming_listener> listener);
  void remove(const std::shared_ptr<streaming_listener>& listener);
  std::vector<std::shared_ptr<streaming_listener>> all() const;

private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<streaming_listener>> listeners_;
};

} // namespace engine

} // namespace caf_stream
