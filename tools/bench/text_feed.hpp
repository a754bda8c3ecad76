#pragma once

// How a case gives text to a context that runs on a clock of its own: the case stores a batch's
// lines through the receiver, as any receiver would, then ticks, and measures from there.

#include "stepped_context.hpp"

#include <caf_stream/receiver.hpp>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Where the case meets its receiver, which the context makes when it starts.
class feed_gate {
public:
  void open(receiver<std::string_view>* to);
  void close();

  /// Waits for the receiver and stores each line of `text` through it.
  void store_lines(std::string_view text);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  receiver<std::string_view>* to_ = nullptr;
};

/// Stores what comes through its gate.
class feed_receiver : public receiver<std::string_view> {
public:
  explicit feed_receiver(std::shared_ptr<feed_gate> gate);

  void on_start() override { gate_->open(this); }
  void on_stop() override { gate_->close(); }

private:
  std::shared_ptr<feed_gate> gate_;
};

/// A stepped context with one stream of lines.
class text_context {
public:
  explicit text_context(unsigned workers);

  dstream<std::string_view>& lines() { return lines_; }

  /// Starts the context, once, and runs each batch: stores its text, then steps. Returns the
  /// seconds of all steps.
  double run(const std::vector<std::string_view>& batches);

private:
  std::shared_ptr<feed_gate> gate_ = std::make_shared<feed_gate>();
  stepped_context context_;
  dstream<std::string_view> lines_;
};

} // namespace caf_stream::bench
