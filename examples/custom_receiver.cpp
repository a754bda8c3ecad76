// Counts words as network_word_count does, with a receiver of its own that reads the lines:
//
//   custom_receiver HOST PORT
//
// Start a server such as `nc -lk 9999` and type into it. Where there is none, or it ends, the
// receiver is started again after 2 s, 4 s, 8 s and so on, then every 30 s.

#include <caf_stream/all.hpp>

#include <istream>
#include <string>
#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>

#include "support/text_source.hpp"

namespace asio = boost::asio;
namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

/// Receives the lines that a TCP server sends. When the connection ends, or cannot be made, it asks
/// to be started again.
class line_receiver : public cs::receiver<std::string_view> {
public:
  line_receiver(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(std::to_string(port)) {}

  // Must not block, so all work is done by a thread.
  void on_start() override {
    connect();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  // Called exactly once after on_start(), also for a receiver that has asked for a restart.
  void on_stop() override {
    io_.stop();
    thread_.join();
  }

private:
  using error_code = boost::system::error_code;

  void connect() {
    resolver_.async_resolve(host_, port_, [this](error_code failed, const auto& endpoints) {
      if (failed)
        return restart("cannot find " + host_ + ": " + failed.message());
      asio::async_connect(socket_, endpoints, [this](error_code failed, const auto&) {
        if (failed)
          return restart("cannot connect to " + host_ + ": " + failed.message());
        read_line();
      });
    });
  }

  void read_line() {
    asio::async_read_until(socket_, received_, '\n', [this](error_code failed, std::size_t) {
      std::string line;
      bool complete = !failed || failed == asio::error::eof;
      if (complete && std::getline(std::istream{&received_}, line))
        store(line); // waits where the rate limit or the memory budget says so
      if (failed)
        return restart("the connection ended: " + failed.message());
      read_line();
    });
  }

  std::string host_;
  std::string port_;
  asio::io_context io_{1};
  asio::ip::tcp::resolver resolver_{io_};
  asio::ip::tcp::socket socket_{io_};
  asio::streambuf received_{1 << 20}; // no line may be longer
  std::thread thread_;
};

void custom_receiver(cs::streaming_context& ssc) {
  constexpr auto usage = "custom_receiver HOST PORT";
  examples::refuse_more(ssc.arguments(), 2, usage);
  auto source = examples::parse_text_source(ssc.arguments(), usage);
  ssc.receiver_stream<line_receiver>(source.host, source.port)
    .flat_map(cs::split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .print();
}

} // namespace

CAF_STREAM_MAIN(1s, custom_receiver)
