#include "caf_stream/receivers/socket_bytes.hpp"

#include <doctest/doctest.h>

#include "caf_stream/ingest/decoded_records.hpp"
#include "caf_stream/ingest/framed_blocks.hpp"
#include "support/frames.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"

using namespace caf_stream;
using namespace caf_stream::receivers;
using namespace std::chrono_literals;
using namespace std::string_literals;
using caf_stream::test::eventually;
using caf_stream::test::frame;
using caf_stream::test::frame_of;
using caf_stream::test::line_peer;
using caf_stream::test::line_server;

namespace {

using numbers = std::vector<int>;

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
  running(const line_server& server, std::shared_ptr<const ingest::byte_format> format,
          socket_options options = quick(), const ingest::builder_options& builder = {})
    : source_(socket_bytes_source("test", "127.0.0.1", server.port(), std::move(format),
                                  storage_level::memory_only, options)),
      port_(source_->make_builder(builder)), receiver_(source_->make_receiver()) {
    receiver_->attach(port_);
    receiver_->on_start();
  }

  ~running() { stop(); }

  void stop() {
    if (receiver_ != nullptr)
      receiver_->on_stop();
    receiver_.reset();
  }

  test::recording_port& port() { return port_; }
  bool ended() {
    return port_.wait_until([&] { return !port_.stops.empty(); });
  }
  numbers taken() { return test::take_all<int>(port_.builder()); }

private:
  std::shared_ptr<ingest::receiver_source> source_;
  test::recording_port port_;
  std::unique_ptr<ingest::any_receiver> receiver_;
};

// Numbers in decimal, each with a semicolon behind it; a letter cannot be read.
int parse(std::string_view digits) {
  int result = 0;
  for (auto digit : digits) {
    if (digit < '0' || digit > '9')
      throw std::runtime_error{"that is no digit"};
    result = 10 * result + (digit - '0');
  }
  return result;
}

std::optional<int> take_number(std::string_view& bytes) {
  auto end = bytes.find(';');
  if (end == std::string_view::npos)
    return std::nullopt;
  auto result = parse(bytes.substr(0, end));
  bytes.remove_prefix(end + 1);
  return result;
}

auto taking() {
  auto f = [](std::string_view& bytes) { return take_number(bytes); };
  return std::make_shared<ingest::record_format<int, decltype(f)>>(f);
}

auto emitting() {
  auto f = [](std::string_view bytes, const auto& emit) {
    auto rest = bytes;
    while (auto number = take_number(rest))
      emit(*number);
    return bytes.size() - rest.size();
  };
  return std::make_shared<ingest::record_format<int, decltype(f)>>(f);
}

auto frames() { return std::make_shared<ingest::frame_format<int>>(); }

std::vector<numbers> blocks_of(running& receiver) {
  std::vector<numbers> result;
  while (auto block = receiver.port().builder().take())
    result.push_back(test::records_of<int>(block));
  return result;
}

} // namespace

TEST_SUITE("receivers.socket_bytes") {

  TEST_CASE("records are the same wherever the bytes are cut, by both kinds of decoder") {
    const std::string text = "1;22;333;4444;5;";
    for (std::size_t at = 0; at <= text.size(); ++at) {
      line_server server{[&](line_peer& peer, std::size_t) { peer.send_split(text, at); }};
      running receiver{server, at % 2 == 0 ? std::shared_ptr<ingest::byte_format>{taking()}
                                           : std::shared_ptr<ingest::byte_format>{emitting()}};
      CHECK(receiver.ended());
      receiver.stop();
      CHECK(receiver.taken() == numbers{1, 22, 333, 4444, 5});
      CHECK(receiver.port().losses.empty());
    }
  }

  TEST_CASE("many records in order, through blocks that fill up") {
    std::string text;
    numbers expected;
    for (int i = 0; i < 50'000; ++i) {
      expected.push_back(i);
      text += std::to_string(i) + ";";
    }
    line_server server{text};
    ingest::builder_options options;
    options.block_size = 4096;
    running receiver{server, taking(), quick(), options};
    numbers taken;
    CHECK(eventually([&] {
      for (auto number : receiver.taken())
        taken.push_back(number);
      return taken.size() == expected.size();
    }));
    CHECK(taken == expected);
  }

  TEST_CASE("a peer that sends what cannot be read is given up, and connected to again") {
    line_server server{[](line_peer& peer, std::size_t connection) {
      peer.send(connection == 0 ? "1;2;x;3;" : "4;");
      peer.wait_until_closed();
    }};
    running receiver{server, taking()};
    CHECK(eventually([&] { return receiver.port().builder().accepted() == 3; }));
    receiver.stop();
    CHECK(receiver.taken() == numbers{1, 2, 4});
    REQUIRE(receiver.port().errors.size() == 1);
    CHECK(receiver.port().errors[0].find("that is no digit") != std::string::npos);
    CHECK(receiver.port().losses.size() == 1);
  }

  TEST_CASE("a record in the middle of which the connection ends is told as lost") {
    line_server server{"1;2"};
    running receiver{server, emitting()};
    CHECK(receiver.ended());
    receiver.stop();
    CHECK(receiver.taken() == numbers{1});
    REQUIRE(receiver.port().losses.size() == 1);
    CHECK(receiver.port().losses[0].find("in the middle of a record") != std::string::npos);
  }

  TEST_CASE("bytes that never become a record do not gather without end") {
    line_server server{[](line_peer& peer, std::size_t) {
      while (peer.send(std::string(10'000, '1'))) {
      }
    }};
    ingest::builder_options options;
    options.max_record_bytes = 100'000;
    running receiver{server, taking(), quick(on_end_of_connection::reconnect), options};
    CHECK(receiver.port().wait_until([&] { return !receiver.port().errors.empty(); }));
    receiver.stop();
    CHECK(receiver.port().errors[0].find("no record of 2") != std::string::npos);
  }

  TEST_CASE("each frame is a block, wherever the bytes are cut") {
    auto text = frame_of(numbers{1, 2, 3}) + frame_of(numbers{}) + frame_of(numbers{4});
    for (std::size_t at = 0; at <= text.size(); ++at) {
      line_server server{[&](line_peer& peer, std::size_t) { peer.send_split(text, at); }};
      running receiver{server, frames()};
      CHECK(receiver.ended());
      receiver.stop();
      CHECK(blocks_of(receiver) == std::vector<numbers>{{1, 2, 3}, {4}});
      CHECK(receiver.port().losses.empty());
    }
  }

  TEST_CASE("a frame that is no array of records is dropped and counted, the next one is read") {
    const std::string bad[] = {
      "",                           // nothing
      "\xc1"s,                      // no value of msgpack
      "\x93\x01\x02"s,              // an array that is not all there
      "\x91\xa1x"s,                 // of strings
      "\x91\x01\x01"s,              // with something behind it
      "\xdd\xff\xff\xff\xff\x01"s,  // that declares four thousand million elements
      std::string(200'000, '\x91'), // nested without end
    };
    for (auto& content : bad) {
      CAPTURE(content.size());
      line_server server{frame_of(numbers{1}) + frame(content) + frame_of(numbers{2})};
      running receiver{server, frames()};
      CHECK(receiver.ended());
      receiver.stop();
      CHECK(blocks_of(receiver) == std::vector<numbers>{{1}, {2}});
      REQUIRE(receiver.port().losses.size() == 1);
      CHECK(receiver.port().losses[0].rfind("1 a frame of " + std::to_string(content.size()), 0) ==
            0);
    }
  }

  TEST_CASE("a frame that is too long ends the connection when its length is read") {
    ingest::builder_options options;
    options.max_record_bytes = 1000;
    line_server server{[](line_peer& peer, std::size_t connection) {
      // Nothing follows the length: a receiver that waited for it would wait for ever.
      peer.send(connection == 0 ? "\xff\xff\xff\xff"s : frame_of(numbers{7}));
      peer.wait_until_closed();
    }};
    running receiver{server, frames(), quick(), options};
    CHECK(eventually([&] { return receiver.port().builder().accepted() == 1; }));
    receiver.stop();
    CHECK(blocks_of(receiver) == std::vector<numbers>{{7}});
    REQUIRE(!receiver.port().errors.empty());
    CHECK(receiver.port().errors[0].find("4294967295 bytes was refused") != std::string::npos);
    CHECK(receiver.port().losses.size() == 1);
  }

  TEST_CASE("blocks that are not taken make the receiver, and so the peer, wait") {
    std::atomic<int> sent{0};
    line_server server{[&](line_peer& peer, std::size_t) {
      auto block = frame_of(numbers(100'000, 1));
      while (sent < 10'000 && peer.send(block))
        ++sent;
    }};
    running receiver{server, frames()};
    CHECK(eventually([&] { return receiver.port().builder().has_waiting_producer(); }));
    CHECK(receiver.port().builder().sealed() == 2);
    receiver.port().builder().interrupt();
    receiver.stop();
    CHECK(sent < 10'000);
    REQUIRE(!receiver.port().losses.empty());
    CHECK(receiver.port().losses[0].rfind("100000 ", 0) == 0);
  }

} // TEST_SUITE
