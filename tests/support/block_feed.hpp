#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "caf_stream/receiver.hpp"
#include "support/events.hpp"

namespace caf_stream::test {

/// A record that says which it is, and its value: "17 xxxx…".
inline std::string long_record(std::int64_t n, std::size_t size) {
  auto result = std::to_string(n) + ' ';
  result.resize(std::max(size, result.size()), 'x');
  return result;
}

/// What a block_receiver stores: `blocks` blocks of `records` numbered records of `size` bytes
/// each. It outlives receivers.
struct block_feed {
  std::int64_t blocks = 0;
  std::int64_t records = 0;
  std::size_t size = 0;
  awaited<std::int64_t> stored{}; ///< blocks

  std::int64_t total() const { return blocks * records; }

  bool wait_for_stored(std::int64_t n) const {
    return stored.wait([n](std::int64_t done) { return done >= n; });
  }
};

/// Stores blocks one after the other, as fast as they are taken.
class block_receiver : public receiver<std::string> {
public:
  block_receiver(std::shared_ptr<block_feed> feed, storage_level level)
    : receiver(level), feed_(std::move(feed)) {}

  void on_start() override {
    thread_ = std::thread{[this] {
      try {
        for (std::int64_t i = feed_->stored.get(); i < feed_->blocks && !is_stopped(); ++i) {
          std::vector<std::string> block;
          for (std::int64_t k = 0; k < feed_->records; ++k)
            block.push_back(long_record(i * feed_->records + k, feed_->size));
          store(std::move(block));
          feed_->stored.change([](std::int64_t& n) { ++n; });
        }
      } catch (const error&) {
        // the context has ended, and the test looks at what came until then
      }
    }};
  }

  void on_stop() override { thread_.join(); }

private:
  std::shared_ptr<block_feed> feed_;
  std::thread thread_;
};

/// The number of a long_record.
inline std::int64_t number_of(const std::string& record) { return std::stoll(record); }

} // namespace caf_stream::test
