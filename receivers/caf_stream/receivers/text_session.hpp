#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "caf_stream/ingest/backoff.hpp"
#include "caf_stream/ingest/receiver_port.hpp"
#include "caf_stream/ingest/text_builder.hpp"
#include "caf_stream/receivers/resolve.hpp"
#include "caf_stream/receivers/socket_text.hpp"

// What a socket_text receiver does between its start and its end, on a thread of its own:
//
//   resolving ──> connecting ──> reading ──end of stream──> (told to stop)
//       ^             |             |
//       └── waiting <─┴─── failed ──┘        100 ms, doubling to 2 s
//
// The thread may wait in the builder, for room or for the rate; then nothing is read and TCP makes
// the sender wait.

namespace caf_stream::receivers {

class text_session : public std::enable_shared_from_this<text_session> {
public:
  /// Port and builder must outlive the session's end.
  text_session(std::string host, std::uint16_t port, socket_options options,
               ingest::receiver_port& supervisor, ingest::text_builder& builder);
  ~text_session();

  void start();

  /// Returns when the thread has ended. Whole lines that were read are in the builder.
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
  void on_lost(error_code ec);
  void connect_again_later();
  void report_once(const std::string& text);
  void report_refused();

  const std::string host_;
  const std::uint16_t port_;
  const std::string peer_; // host:port
  const socket_options options_;
  ingest::receiver_port& supervisor_;
  ingest::text_builder& builder_;

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
