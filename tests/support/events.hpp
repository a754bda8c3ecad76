#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "caf_stream/streaming_listener.hpp"

namespace caf_stream::test {

/// Long enough for every machine: a test that waits as long as this has failed.
inline constexpr std::chrono::seconds patience{20};

/// A value that threads wait for.
template <class T>
class awaited {
public:
  template <class F>
  void change(F f) {
    std::lock_guard guard{mutex_};
    f(value_);
    changed_.notify_all();
  }

  T get() const {
    std::lock_guard guard{mutex_};
    return value_;
  }

  /// False when the condition does not come true in time.
  template <class Condition>
  bool wait(Condition condition, std::chrono::milliseconds limit = patience) const {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, limit, [&] { return condition(value_); });
  }

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  T value_{};
};

/// A door that user code in a test waits at until the test opens it.
class gate {
public:
  void open() {
    open_.change([](bool& is_open) { is_open = true; });
  }
  bool wait() const {
    return open_.wait([](bool is_open) { return is_open; });
  }

private:
  awaited<bool> open_;
};

/// Opens a gate at the end of a scope, however that ends.
class opens_at_end {
public:
  explicit opens_at_end(gate& g) : gate_(g) {}
  ~opens_at_end() { gate_.open(); }
  opens_at_end(const opens_at_end&) = delete;
  opens_at_end& operator=(const opens_at_end&) = delete;

private:
  gate& gate_;
};

/// All that a listener was told.
struct told {
  std::vector<std::string> order; ///< names of events, as they came
  std::vector<batch_time> streaming_started;
  std::vector<batch_info> submitted, started, completed;
  std::vector<delay_info> delays_rising, delays_recovered;
  std::vector<output_operation_info> outputs_started, outputs_completed;
  std::vector<receiver_info> receivers_started, receiver_errors, receivers_stopped;
  std::vector<loss_info> losses;
};

/// Writes down what it is told.
class recorder final : public streaming_listener {
public:
  void on_streaming_started(batch_time t) override {
    note("streaming_started", &told::streaming_started, t);
  }
  void on_receiver_started(const receiver_info& x) override {
    note("receiver_started", &told::receivers_started, x);
  }
  void on_receiver_error(const receiver_info& x) override {
    note("receiver_error", &told::receiver_errors, x);
  }
  void on_receiver_stopped(const receiver_info& x) override {
    note("receiver_stopped", &told::receivers_stopped, x);
  }
  void on_batch_submitted(const batch_info& x) override {
    note("batch_submitted", &told::submitted, x);
  }
  void on_batch_started(const batch_info& x) override { note("batch_started", &told::started, x); }
  void on_batch_completed(const batch_info& x) override {
    note("batch_completed", &told::completed, x);
  }
  void on_delay_rising(const delay_info& x) override {
    note("delay_rising", &told::delays_rising, x);
  }
  void on_delay_recovered(const delay_info& x) override {
    note("delay_recovered", &told::delays_recovered, x);
  }
  void on_output_operation_started(const output_operation_info& x) override {
    note("output_started", &told::outputs_started, x);
  }
  void on_output_operation_completed(const output_operation_info& x) override {
    note("output_completed", &told::outputs_completed, x);
  }
  void on_records_lost(const loss_info& x) override { note("records_lost", &told::losses, x); }

  told get() const { return told_.get(); }

  template <class Condition>
  bool wait(Condition condition, std::chrono::milliseconds limit = patience) const {
    return told_.wait(condition, limit);
  }

  bool wait_for_batches(std::size_t n) const {
    return wait([n](const told& x) { return x.completed.size() >= n; });
  }

private:
  template <class T, class U>
  void note(const char* name, std::vector<T> told::*list, const U& x) {
    told_.change([&](told& all) {
      all.order.emplace_back(name);
      (all.*list).push_back(x);
    });
  }

  awaited<told> told_;
};

} // namespace caf_stream::test
