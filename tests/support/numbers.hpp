#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "caf_stream/receiver.hpp"
#include "support/events.hpp"

// The numbers 0, 1, 2, ... of a stream, each of which has to come out of a context exactly once,
// whatever happens to the actors in between.

namespace caf_stream::test {

using numbered = std::pair<int, std::int64_t>; ///< stream and number

/// Where receivers get numbers from, and where each number that has come out is counted. It stands
/// for the world outside: it outlives receivers.
class number_source {
public:
  number_source(int stream, std::int64_t total) : stream_(stream), total_(total) {}

  int stream() const noexcept { return stream_; }
  std::int64_t total() const noexcept { return total_; }

  /// The next number to store; nothing when all have been handed out.
  std::optional<std::int64_t> next() {
    std::lock_guard guard{mutex_};
    if (!given_back_.empty()) {
      auto n = given_back_.front();
      given_back_.pop_front();
      return n;
    }
    if (next_ == total_)
      return std::nullopt;
    return next_++;
  }

  std::int64_t handed_out() const {
    std::lock_guard guard{mutex_};
    return next_;
  }

  /// It was refused: it is handed out again.
  void give_back(std::int64_t n) {
    std::lock_guard guard{mutex_};
    given_back_.push_back(n);
  }

  void came_out(std::int64_t n, std::int64_t times) {
    out_.change([&](results& all) {
      all.times[n] += times;
      all.sum += times;
    });
  }

  /// True when all numbers have come out; false when that takes too long.
  bool wait_for_all() const {
    return out_.wait([this](const results& all) { return all.sum >= total_; });
  }
  bool wait_for_some(std::int64_t n) const {
    return out_.wait([n](const results& all) { return all.sum >= n; });
  }

  /// Empty when each number has come out once; else what is wrong.
  std::string wrong() const {
    auto all = out_.get();
    std::string result;
    for (auto& [n, times] : all.times)
      if (times != 1 || n < 0 || n >= total_)
        result += std::to_string(n) + " came " + std::to_string(times) + " times; ";
    if (auto missing = total_ - static_cast<std::int64_t>(all.times.size()); missing != 0)
      result += std::to_string(missing) + " are missing";
    return result;
  }

private:
  struct results {
    std::map<std::int64_t, std::int64_t> times;
    std::int64_t sum = 0;
  };

  int stream_;
  std::int64_t total_;
  mutable std::mutex mutex_;
  std::int64_t next_ = 0;
  std::deque<std::int64_t> given_back_;
  awaited<results> out_;
};

/// Stores numbers one by one, as fast as it can.
class number_receiver : public receiver<numbered> {
public:
  explicit number_receiver(std::shared_ptr<number_source> source,
                           storage_level level = storage_level::memory_only)
    : receiver(level), source_(std::move(source)) {}

  void on_start() override {
    thread_ = std::thread{[this] {
      while (!is_stopped())
        if (auto n = source_->next()) {
          if (!store(numbered{source_->stream(), *n}))
            source_->give_back(*n);
        } else {
          wait_for_end();
          return;
        }
    }};
  }

  void on_stop() override {
    done_.open();
    thread_.join();
  }

private:
  void wait_for_end() {
    while (!is_stopped() && !done_.wait()) {
    }
  }

  std::shared_ptr<number_source> source_;
  gate done_;
  std::thread thread_;
};

} // namespace caf_stream::test
