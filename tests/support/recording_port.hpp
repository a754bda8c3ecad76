#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "caf_stream/data/record_list.hpp"
#include "caf_stream/ingest/block_builder.hpp"
#include "caf_stream/ingest/receiver_port.hpp"

namespace caf_stream::test {

/// The owned records of a block.
template <class T>
std::vector<owned_t<T>> records_of(const data::payload& block) {
  std::vector<owned_t<T>> result;
  auto cursor = data::read_records<T>(block, 0, block.records());
  for (auto chunk = (*cursor)->next(); !chunk.empty(); chunk = (*cursor)->next())
    for (auto& record : chunk)
      result.push_back(to_owned(record));
  return result;
}

/// Cuts a builder and takes all it has.
template <class T>
std::vector<owned_t<T>> take_all(ingest::block_builder& builder) {
  std::vector<owned_t<T>> result;
  builder.cut();
  while (auto block = builder.take())
    for (auto& record : records_of<T>(block))
      result.push_back(std::move(record));
  return result;
}

/// A supervisor's side of a receiver that writes down what it is told.
class recording_port final : public ingest::receiver_port {
public:
  explicit recording_port(std::unique_ptr<ingest::block_builder> builder)
    : builder_(std::move(builder)) {}

  stream_id stream() const noexcept override { return 7; }
  ingest::block_builder& builder() override { return *builder_; }

  status store(data::payload block, std::optional<std::string> position) override {
    if (stopped)
      return fail(errc::stopped, "the receiver was stopped");
    auto guard = lock();
    blocks.push_back(std::move(block));
    if (position)
      position_ = std::move(position);
    return {};
  }

  std::optional<std::string> last_position() const override {
    auto guard = lock();
    return position_;
  }

  void report_error(const std::string& text) override { note(errors, text); }

  void report_loss(std::int64_t records, const std::string& reason) override {
    note(losses, std::to_string(records) + " " + reason);
  }

  void restart(const std::string& text, std::optional<duration>) override { note(restarts, text); }
  void stop(const std::string& text) override { note(stops, text); }
  bool is_stopped() const noexcept override { return stopped; }

  /// Waits, ten seconds at most, until what was written down satisfies `f`.
  template <class F>
  bool wait_until(F f) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds{10}, std::move(f));
  }

  std::atomic<bool> stopped{false};
  std::vector<std::string> errors, losses, restarts, stops; // guarded until the receiver has ended
  std::vector<data::payload> blocks;

private:
  std::unique_lock<std::mutex> lock() const { return std::unique_lock{mutex_}; }

  void note(std::vector<std::string>& list, const std::string& text) {
    auto guard = lock();
    list.push_back(text);
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<ingest::block_builder> builder_;
  std::optional<std::string> position_;
};

/// Waits until `f()`, but no longer than `limit`.
template <class F>
bool eventually(F f, std::chrono::milliseconds limit = std::chrono::seconds{10}) {
  for (auto end = std::chrono::steady_clock::now() + limit;
       std::chrono::steady_clock::now() < end;) {
    if (f())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return f();
}

} // namespace caf_stream::test
