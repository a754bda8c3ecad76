#include "caf_stream/receivers/socket_session.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "caf_stream/base/log.hpp"

namespace caf_stream::receivers {

namespace {

namespace asio = boost::asio;

constexpr std::size_t most_a_read = 256 * 1024;

} // namespace

socket_session::socket_session(std::string host, std::uint16_t port, socket_options options,
                               ingest::receiver_port& supervisor, socket_sink& sink)
  : host_(std::move(host)), port_(port), peer_(host_ + ":" + std::to_string(port)),
    options_(options), supervisor_(supervisor), sink_(sink),
    io_(std::make_shared<asio::io_context>(1)), work_(io_->get_executor()), socket_(*io_),
    timer_(*io_),
    backoff_(options.first_delay, options.longest_delay, ingest::make_random_source()) {}

socket_sink::~socket_sink() = default;

socket_session::~socket_session() { stop(); }

void socket_session::start() {
  thread_ = std::thread{[this] { run(); }};
}

void socket_session::stop() {
  if (!thread_.joinable())
    return;
  stopping_ = true;
  sink_.interrupt();
  asio::post(*io_, [this] { shut_down(); });
  thread_.join();
}

void socket_session::run() {
  try {
    sink_.begin(peer_);
    connect();
    io_->run();
  } catch (const std::exception& e) {
    supervisor_.restart("reading from " + peer_ + " failed: " + e.what(), std::nullopt);
  }
}

void socket_session::shut_down() {
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  work_.reset();
}

void socket_session::connect() {
  resolve(io_, host_, port_, [weak = weak_from_this()](const result<endpoints>& found) {
    if (auto self = weak.lock())
      self->connect_to(found);
  });
}

void socket_session::connect_to(const result<endpoints>& found) {
  if (stopping_)
    return;
  if (!found) {
    report_once(found.error().what());
    connect_again_later();
    return;
  }
  endpoints_ = *found;
  timed_out_ = false;
  connecting_ = true;
  timer_.expires_after(options_.connect_deadline);
  timer_.async_wait([this](error_code ec) {
    if (ec || !connecting_)
      return;
    timed_out_ = true;
    error_code ignored;
    socket_.close(ignored);
  });
  asio::async_connect(socket_, endpoints_,
                      [this](error_code ec, const tcp::endpoint&) { on_connected(ec); });
}

void socket_session::on_connected(error_code ec) {
  connecting_ = false;
  timer_.cancel();
  if (stopping_)
    return;
  if (ec || timed_out_) {
    error_code ignored;
    socket_.close(ignored);
    report_once("cannot connect to " + peer_ + ": " +
                (timed_out_ ? "no answer in time" : ec.message()) + "; trying again");
    connect_again_later();
    return;
  }
  // Notices a peer that is gone without a word.
  socket_.set_option(asio::socket_base::keep_alive{true}, ec);
  log::info("connected to ", peer_);
  reported_.clear();
  read();
}

void socket_session::read() {
  auto room = sink_.room();
  if (!room || stopping_)
    return;
  auto size = std::min(room->size(), most_a_read);
  socket_.async_read_some(asio::buffer(room->data(), size),
                          [this](error_code ec, std::size_t n) { on_read(ec, n); });
}

void socket_session::on_read(error_code ec, std::size_t n) {
  if (n != 0) {
    auto taken = sink_.took(n);
    if (!taken && taken.error().code() == errc::stopped)
      return;
    if (!taken) {
      give_up("cannot read what " + peer_ + " sends: " + taken.error().what());
      return;
    }
    backoff_.reset();
  }
  if (stopping_)
    return;
  if (ec == asio::error::eof)
    on_closed();
  else if (ec)
    give_up("lost the connection to " + peer_ + ": " + ec.message());
  else
    read();
}

void socket_session::on_closed() {
  error_code ignored;
  socket_.close(ignored);
  if (!sink_.closed())
    return;
  if (options_.when_closed == on_end_of_connection::stop) {
    supervisor_.stop("end of stream");
    return;
  }
  log::info(peer_, " closed the connection; connecting again");
  connect_again_later();
}

void socket_session::give_up(const std::string& why) {
  error_code ignored;
  socket_.close(ignored);
  report_once(why + "; connecting again");
  sink_.lost();
  connect_again_later();
}

void socket_session::connect_again_later() {
  timer_.expires_after(backoff_.next());
  timer_.async_wait([this](error_code ec) {
    if (!ec && !stopping_)
      connect();
  });
}

void socket_session::report_once(const std::string& text) {
  if (text == reported_)
    return;
  reported_ = text;
  supervisor_.report_error(text);
}

} // namespace caf_stream::receivers
