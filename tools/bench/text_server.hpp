#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
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

  /// Writes it as often as it begins within `time` from the first byte on.
  text_server(std::string_view text, std::chrono::seconds time);
  ~text_server();

  text_server(const text_server&) = delete;
  text_server& operator=(const text_server&) = delete;

  std::uint16_t port() const { return port_; }

  /// How many bytes a client gets in all.
  std::size_t bytes() const { return text_.size() * repeats_; }

  /// When the first byte was handed to the kernel. Only for a client that has received
  /// something.
  std::chrono::steady_clock::time_point first_byte_time() const { return first_byte_time_; }

  /// Waits until all is sent, or the client is gone, and returns how many times it was sent whole.
  std::size_t wait_until_sent() { return sent_.get_future().get(); }

private:
  void listen();
  void run();
  std::size_t send_all(int client);

  std::string_view text_;
  std::size_t repeats_;
  std::optional<std::chrono::seconds> time_;
  std::promise<std::size_t> sent_;
  int listener_ = -1;
  std::atomic<int> client_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::chrono::steady_clock::time_point> first_byte_time_{};
  std::jthread thread_;
};

} // namespace caf_stream::bench
