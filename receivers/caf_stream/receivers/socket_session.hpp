#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "caf_stream/ingest/backoff.hpp"
#include "caf_stream/ingest/receiver_port.hpp"
#include "caf_stream/receivers/resolve.hpp"
#include "caf_stream/receivers/socket_options.hpp"

// What every receiver that reads from a TCP server does between its start and its end, on a thread
// of its own:
//
//   resolving ──> connecting ──> reading ──end of stream──> (told to stop)
//       ^             |             |
//       └── waiting <─┴─── failed ──┘        100 ms, doubling to 2 s
//
// What the bytes mean is up to a sink. The thread may wait in the sink, for room or for the rate;
// then nothing is read and TCP makes the sender wait.

namespace caf_stream::receivers {

/// Takes the bytes of one connection after another. Called on the session's thread but where it
/// says otherwise. A status errc::stopped says that the receiver is to end.
class socket_sink {
public:
  virtual ~socket_sink();

  /// The session begins; `peer` is host:port, for messages.
  virtual void begin(const std::string& peer) = 0;

  /// Room to read into, good until `took`.
  virtual result<std::span<char>> room() = 0;

  /// The first `n` bytes of the room are there. An error other than errc::stopped: what the peer
  /// sends cannot be read; the connection is given up and made anew.
  virtual status took(std::size_t n) = 0;

  /// The peer has closed the connection in order.
  virtual status closed() = 0;

  /// The connection broke, or was given up.
  virtual void lost() = 0;

  /// Another thread wants the session to end: waits should come to their end.
  virtual void interrupt() = 0;
};

class socket_session : public std::enable_shared_from_this<socket_session> {
public:
  /// Port and sink must outlive the session's end.
  socket_session(std::string host, std::uint16_t port, socket_options options,
                 ingest::receiver_port& supervisor, socket_sink& sink);
  ~socket_session();

  void start();

  /// Returns when the thread has ended. What was read is in the sink.
  void stop();

private:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;

  void run();
  void shut_down();
  void connect();
  void connect_to(const result<endpoints>& found);
  void on_connected(error_code ec);
  void read();
  void on_read(error_code ec, std::size_t n);
  void on_closed();
  void give_up(const std::string& why);
  void connect_again_later();
  void report_once(const std::string& text);

  const std::string host_;
  const std::uint16_t port_;
  const std::string peer_; // host:port
  const socket_options options_;
  ingest::receiver_port& supervisor_;
  socket_sink& sink_;

  std::shared_ptr<boost::asio::io_context> io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  tcp::socket socket_;
  boost::asio::steady_timer timer_; // the deadline while connecting, then the next attempt
  endpoints endpoints_;
  ingest::backoff backoff_;
  std::string reported_; // the last failure, until a connection
  bool connecting_ = false;
  bool timed_out_ = false;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace caf_stream::receivers
