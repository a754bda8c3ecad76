#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

// A TCP server on loopback for tests of receivers: what it does with each connection is a function
// of the test's, run on the server's thread, one connection after another.

namespace caf_stream::test {

/// The server's side of a connection.
class line_peer {
public:
  explicit line_peer(int socket) : socket_(socket) {}

  /// False when the other side is gone.
  bool send(std::string_view bytes);

  /// Sends the bytes up to `at` and the rest as packets of their own, a moment apart.
  bool send_split(std::string_view bytes, std::size_t at);

  /// Ends the connection so that the other side sees an error, not the end of the stream, once it
  /// has read what was sent.
  void reset();

  /// Returns when the other side has closed the connection or the server ends.
  void wait_until_closed();

private:
  int socket_;
};

class line_server {
public:
  using serve_function = std::function<void(line_peer& peer, std::size_t connection)>;

  /// Listens on `port`, or on a free one. Connections, counted from 0, are served one at a time
  /// and closed when `serve` returns. Throws std::runtime_error when it cannot listen.
  explicit line_server(serve_function serve, std::uint16_t port = 0);

  /// Sends `text` to each connection and closes it.
  explicit line_server(std::string_view text);

  ~line_server();

  line_server(const line_server&) = delete;
  line_server& operator=(const line_server&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  /// Connections accepted so far.
  std::size_t connections() const noexcept { return connections_; }

private:
  void run();

  serve_function serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::mutex mutex_;
  int client_ = -1;
  bool ending_ = false;
  std::thread thread_;
};

/// A port of loopback on which nobody listens.
std::uint16_t free_port();

} // namespace caf_stream::test
