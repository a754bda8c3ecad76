#include "caf_stream/receivers/socket_text.hpp"

#include <doctest/doctest.h>

#include "caf_stream/ingest/record_builder.hpp"
#include "caf_stream/ingest/text_builder.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"

using namespace caf_stream;
using namespace caf_stream::receivers;
using namespace std::chrono_literals;
using namespace std::string_literals;
using caf_stream::test::eventually;
using caf_stream::test::line_peer;
using caf_stream::test::line_server;

namespace {

using lines = std::vector<std::string>;

socket_options quick(on_end_of_connection when_closed = on_end_of_connection::stop) {
  socket_options options;
  options.when_closed = when_closed;
  options.first_delay = 2ms;
  options.longest_delay = 10ms;
  return options;
}

// A receiver with all that it needs, from its start to the end of this object.
class running {
public:
  running(const std::string& host, std::uint16_t port, socket_options options,
          const ingest::builder_options& builder = {})
    : source_(socket_text_source(host, port, storage_level::memory_only, options)),
      port_(source_->make_builder(builder)) {
    start();
  }

  running(const line_server& server, socket_options options,
          const ingest::builder_options& builder = {})
    : running("127.0.0.1", server.port(), options, builder) {}

  ~running() { stop(); }

  void start() {
    builder().resume();
    receiver_ = source_->make_receiver();
    receiver_->attach(port_);
    receiver_->on_start();
  }

  void stop() {
    if (receiver_ == nullptr)
      return;
    receiver_->on_stop();
    receiver_.reset();
  }

  test::recording_port& port() { return port_; }
  ingest::block_builder& builder() { return port_.builder(); }

  bool ended() {
    return port_.wait_until([&] { return !port_.stops.empty(); });
  }

  bool has(std::uint64_t records) {
    return eventually([&] { return builder().accepted() >= records; });
  }

  lines taken() { return test::take_all<std::string_view>(builder()); }

private:
  std::shared_ptr<ingest::receiver_source> source_;
  test::recording_port port_;
  std::unique_ptr<ingest::any_receiver> receiver_;
};

const std::string odd_text = "one\r\ntwo\n\nlone\rcr\r\n\0nul\0\n\xff\xfe\r\nlast"s;

const lines odd_lines{"one", "two", "", "lone\rcr", "\0nul\0"s, "\xff\xfe", "last"};

} // namespace

TEST_SUITE("receivers.socket_text") {

  TEST_CASE("lines arrive whole wherever the text is split, and the stream ends with it") {
    for (std::size_t at = 0; at <= odd_text.size(); ++at) {
      line_server server{[&](line_peer& peer, std::size_t) { peer.send_split(odd_text, at); }};
      running receiver{server, quick()};
      CHECK(receiver.ended());
      CHECK(receiver.port().stops == lines{"end of stream"});
      CHECK(receiver.taken() == odd_lines);
      CHECK(receiver.port().errors.empty());
      CHECK(receiver.port().losses.empty());
    }
  }

  TEST_CASE("a connection that is reset at any byte loses the line it was in, and says so") {
    const std::string text = "one\r\ntwo\nthree";
    for (std::size_t at = 0; at <= text.size(); ++at) {
      line_server server{[&](line_peer& peer, std::size_t connection) {
        if (connection != 0) {
          peer.send("again\n");
          return;
        }
        peer.send(text.substr(0, at));
        peer.reset();
      }};
      running receiver{server, quick()};
      CHECK(receiver.ended());
      lines expected;
      if (at >= 5)
        expected.push_back("one");
      if (at >= 9)
        expected.push_back("two");
      expected.push_back("again");
      auto found = receiver.taken();
      CHECK(found == expected);
      bool in_a_line = at != 0 && at != 5 && at != 9;
      CHECK(receiver.port().losses.size() == (in_a_line ? 1 : 0));
      REQUIRE(receiver.port().errors.size() == 1);
      CHECK(receiver.port().errors[0].find("Connection reset by peer") != std::string::npos);
    }
  }

  TEST_CASE("a server that closes the connection is connected to again") {
    line_server server{[](line_peer& peer, std::size_t connection) {
      peer.send("connection " + std::to_string(connection));
      if (connection == 3)
        peer.wait_until_closed();
    }};
    running receiver{server, quick(on_end_of_connection::reconnect)};
    CHECK(receiver.has(3));
    CHECK(eventually([&] { return server.connections() == 4; }));
    receiver.stop();
    // What the fourth connection sent has no end, so it is no line.
    CHECK(receiver.taken() == lines{"connection 0", "connection 1", "connection 2"});
    CHECK(receiver.port().stops.empty());
    CHECK(receiver.port().errors.empty());
  }

  TEST_CASE("a server that is absent is waited for, and reported once") {
    auto port = test::free_port();
    running receiver{"127.0.0.1", port, quick()};
    CHECK(receiver.port().wait_until([&] { return receiver.port().errors.size() == 1; }));
    std::this_thread::sleep_for(50ms); // several attempts
    line_server server{[](line_peer& peer, std::size_t) { peer.send("present\n"); }, port};
    CHECK(receiver.ended());
    CHECK(receiver.taken() == lines{"present"});
    REQUIRE(receiver.port().errors.size() == 1);
    CHECK(receiver.port().errors[0] == "cannot connect to 127.0.0.1:" + std::to_string(port) +
                                         ": Connection refused; trying again");
  }

  TEST_CASE("a host is looked up by its name") {
    line_server server{"hello\n"};
    running receiver{"localhost", server.port(), quick()};
    CHECK(receiver.ended());
    CHECK(receiver.taken() == lines{"hello"});
  }

  TEST_CASE("a host that is not known is reported and tried again") {
    running receiver{"no.such.host.invalid", 1, quick()};
    CHECK(receiver.port().wait_until([&] { return !receiver.port().errors.empty(); }));
    CHECK(receiver.port().errors[0].rfind("cannot resolve 'no.such.host.invalid': ", 0) == 0);
  }

  TEST_CASE("lines that are too long are refused and reported") {
    ingest::builder_options options;
    options.max_record_bytes = 1000;
    line_server server{[](line_peer& peer, std::size_t) {
      peer.send("before\n");
      for (int i = 0; i < 100; ++i)
        peer.send(std::string(100'000, 'x'));
      peer.send("\nafter\n");
    }};
    running receiver{server, quick(), options};
    CHECK(receiver.ended());
    CHECK(receiver.taken() == lines{"before", "after"});
    REQUIRE(receiver.port().losses.size() == 1);
    CHECK(receiver.port().losses[0].rfind("1 longer than receiver.max-record-bytes", 0) == 0);
  }

  TEST_CASE("a stop does not wait for a server that says nothing") {
    line_server server{[](line_peer& peer, std::size_t) {
      peer.send("a line\nhalf a l");
      peer.wait_until_closed();
    }};
    running receiver{server, quick()};
    CHECK(receiver.has(1));
    auto begin = std::chrono::steady_clock::now();
    receiver.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(receiver.taken() == lines{"a line"});
  }

  TEST_CASE("a stop does not wait for a server that is absent, nor for one that nobody looks up") {
    for (auto host : {"127.0.0.1", "localhost", "no.such.host.invalid"}) {
      auto options = quick();
      options.first_delay = options.longest_delay = 1h;
      running receiver{host, test::free_port(), options};
      auto begin = std::chrono::steady_clock::now();
      receiver.stop();
      CHECK(std::chrono::steady_clock::now() - begin < 5s);
    }
  }

  TEST_CASE("a receiver that takes the place of another begins with a whole line") {
    line_server server{[](line_peer& peer, std::size_t connection) {
      peer.send("line " + std::to_string(connection) + "\nrest");
      peer.wait_until_closed();
    }};
    running receiver{server, quick()};
    CHECK(receiver.has(1));
    receiver.stop();
    receiver.start();
    CHECK(receiver.has(2));
    receiver.stop();
    CHECK(receiver.taken() == lines{"line 0", "line 1"});
  }

  TEST_CASE("a sender waits while nobody takes blocks, and nothing is lost") {
    constexpr int count = 200'000;
    line_server server{[](line_peer& peer, std::size_t) {
      std::string text;
      for (int i = 0; i < count; ++i)
        text += std::to_string(i) + "\n";
      for (int i = 0; i < 20; ++i)
        if (!peer.send(text))
          return;
    }};
    ingest::builder_options options;
    options.block_size = 64 * 1024;
    running receiver{server, quick(), options};
    CHECK(eventually([&] { return receiver.builder().has_waiting_producer(); }));
    auto held = receiver.builder().accepted();
    std::this_thread::sleep_for(20ms);
    CHECK(receiver.builder().accepted() == held);
    std::int64_t next = 0;
    bool right = true;
    auto end = std::chrono::steady_clock::now() + 60s;
    while (next < 20 * count && std::chrono::steady_clock::now() < end) {
      receiver.builder().cut();
      while (auto block = receiver.builder().take()) {
        auto content = *block.get<data::record_list<std::string_view>>();
        for (std::size_t i = 0; i < content->size(); ++i)
          right = right && (*content)[i] == std::to_string(next++ % count);
      }
    }
    CHECK(next == 20 * count);
    CHECK(right);
  }

  TEST_CASE("a stop while the sender waits keeps what was received") {
    line_server server{[](line_peer& peer, std::size_t) {
      while (peer.send("0123456789\n0123456789\n0123456789\n"))
        ;
    }};
    ingest::builder_options options;
    options.block_size = 64 * 1024;
    running receiver{server, quick(), options};
    CHECK(eventually([&] { return receiver.builder().has_waiting_producer(); }));
    receiver.stop();
    auto accepted = receiver.builder().accepted();
    auto found = receiver.taken();
    CHECK(found.size() == accepted);
    for (auto& line : found)
      if (line != "0123456789")
        FAIL("a line is ", line);
  }

  TEST_CASE("a stream whose builder is none of text is refused") {
    auto source = socket_text_source("127.0.0.1", 1);
    CHECK(source->kind() == "socket_text");
    auto made = source->make_receiver();
    CHECK(made->level() == storage_level::memory_and_disk_2);
    test::recording_port port{
      std::make_unique<ingest::record_builder<std::string_view>>(ingest::builder_options{})};
    made->attach(port);
    CHECK_THROWS_AS(made->on_start(), error);
  }

} // TEST_SUITE
