#include "caf_stream/receivers/text_session.hpp"

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
constexpr std::size_t least_a_read = 32 * 1024;

} // namespace

text_session::text_session(std::string host, std::uint16_t port, socket_options options,
                           ingest::receiver_port& supervisor, ingest::text_builder& builder)
  : host_(std::move(host)), port_(port), peer_(host_ + ":" + std::to_string(port)),
    options_(options), supervisor_(supervisor), builder_(builder),
    io_(std::make_shared<asio::io_context>(1)), work_(io_->get_executor()), socket_(*io_),
    timer_(*io_),
    backoff_(options.first_delay, options.longest_delay, ingest::make_random_source()) {}

text_session::~text_session() { stop(); }

void text_session::start() {
  thread_ = std::thread{[this] { run(); }};
}

void text_session::stop() {
  if (!thread_.joinable())
    return;
  stopping_ = true;
  // Ends a wait in the builder; lines read before are records nevertheless.
  builder_.interrupt();
  asio::post(*io_, [this] { shut_down(); });
  thread_.join();
}

void text_session::run() {
  try {
    if (builder_.drop_unfinished() != 0)
      supervisor_.report_loss(
        1, "the receiver before this one ended in the middle of a line from " + peer_);
    connect();
    io_->run();
  } catch (const std::exception& e) {
    supervisor_.restart("reading from " + peer_ + " failed: " + e.what(), std::nullopt);
  }
}

void text_session::shut_down() {
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  work_.reset();
}

void text_session::connect() {
  resolve(io_, host_, port_, [weak = weak_from_this()](const result<endpoints>& found) {
    if (auto self = weak.lock())
      self->connect_to(found);
  });
}

void text_session::connect_to(const result<endpoints>& found) {
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

void text_session::on_connected(error_code ec) {
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

void text_session::read() {
  auto room = builder_.prepare(least_a_read);
  if (!room || stopping_)
    return;
  auto size = std::min(room->size(), most_a_read);
  socket_.async_read_some(asio::buffer(room->data(), size),
                          [this](error_code ec, std::size_t n) { on_read(ec, n); });
}

void text_session::on_read(error_code ec, std::size_t n) {
  if (n != 0) {
    backoff_.reset();
    auto taken = builder_.commit(n);
    report_refused();
    if (!taken)
      return;
  }
  if (stopping_)
    return;
  if (ec == asio::error::eof)
    on_closed();
  else if (ec)
    on_lost(ec);
  else
    read();
}

void text_session::on_closed() {
  error_code ignored;
  socket_.close(ignored);
  auto taken = builder_.finish();
  report_refused();
  if (!taken)
    return;
  if (options_.when_closed == on_end_of_connection::stop) {
    supervisor_.stop("end of stream");
    return;
  }
  log::info(peer_, " closed the connection; connecting again");
  connect_again_later();
}

void text_session::on_lost(error_code ec) {
  error_code ignored;
  socket_.close(ignored);
  report_once("lost the connection to " + peer_ + ": " + ec.message() + "; connecting again");
  if (builder_.drop_unfinished() != 0)
    supervisor_.report_loss(1, "the connection to " + peer_ + " was lost in the middle of a line");
  connect_again_later();
}

void text_session::connect_again_later() {
  timer_.expires_after(backoff_.next());
  timer_.async_wait([this](error_code ec) {
    if (!ec && !stopping_)
      connect();
  });
}

void text_session::report_once(const std::string& text) {
  if (text == reported_)
    return;
  reported_ = text;
  supervisor_.report_error(text);
}

void text_session::report_refused() {
  if (auto lines = builder_.take_refused(); lines != 0)
    supervisor_.report_loss(static_cast<std::int64_t>(lines),
                            "longer than receiver.max-record-bytes, from " + peer_);
}

} // namespace caf_stream::receivers
