#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace caf_stream::bench {

/// Sends numbers, a line each, to its one client on loopback: one `write()` a line, at odd times
/// that have nothing to do with when batches begin.
class record_sender {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Throws `failure` if there is no port to be had.
  explicit record_sender(std::size_t records);
  ~record_sender();

  record_sender(const record_sender&) = delete;
  record_sender& operator=(const record_sender&) = delete;

  std::uint16_t port() const { return port_; }

  /// When each record was handed to the kernel: a time for each number. Only for a client that has
  /// received all of them.
  const std::vector<time_point>& times() const { return times_; }

private:
  void run();

  std::size_t records_;
  int listener_ = -1;
  std::atomic<int> client_ = -1;
  std::atomic<bool> ending_ = false;
  std::uint16_t port_ = 0;
  std::vector<time_point> times_;
  std::jthread thread_;
};

} // namespace caf_stream::bench
