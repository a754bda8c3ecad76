#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <thread>

namespace caf_stream::bench {

/// Sends a text over loopback TCP as fast as it is taken: waits on a port of its own for one client
/// and writes `text` to it `repeats` times. The connection stays open until the server is
/// destroyed, so that a client never sees an end that it would answer by connecting again.
class text_server {
public:
  /// `text` must outlive the server. Throws `failure` if there is no port to be had.
  text_server(std::string_view text, std::size_t repeats);
  ~text_server();

  text_server(const text_server&) = delete;
  text_server& operator=(const text_server&) = delete;

  std::uint16_t port() const { return port_; }

  /// How many bytes a client gets in all.
  std::size_t bytes() const { return text_.size() * repeats_; }

  /// When the first byte was handed to the kernel. Only for a client that has received
  /// something.
  std::chrono::steady_clock::time_point first_byte_time() const { return first_byte_time_; }

private:
  void run();

  std::string_view text_;
  std::size_t repeats_;
  int listener_ = -1;
  std::atomic<int> client_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::chrono::steady_clock::time_point> first_byte_time_{};
  std::jthread thread_;
};

} // namespace caf_stream::bench
