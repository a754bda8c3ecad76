#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/frames.hpp"
#include "support/line_server.hpp"

using namespace caf_stream;
using test::frame_of;
using test::line_server;
using test::manual_context;

namespace {

// What comes out of a stream until its receiver has ended, in order.
template <class T, class Make>
std::vector<owned_t<T>> received(const std::string& text, Make make) {
  line_server server{text};
  auto options = test::small_settings();
  options.receiver.on_end = end_of_connection::stop;
  std::vector<owned_t<T>> result;
  manual_context ssc{options};
  dstream<T> stream = make(*ssc, server.port());
  stream.foreach_rdd([&](const rdd<T>& batch) {
    for (auto& x : batch.collect())
      result.push_back(x);
  });
  ssc->start();
  CHECK(ssc.events().wait([](const test::told& x) { return !x.receivers_stopped.empty(); }));
  ssc->stop();
  CHECK(ssc.events().get().losses.empty());
  return result;
}

} // namespace

TEST_SUITE("shelf.socket_streams") {

  TEST_CASE("records by a decoder that emits") {
    auto result = received<int>("ab", [](streaming_context& ssc, std::uint16_t port) {
      return ssc.socket_stream<int>("127.0.0.1", port, [](std::string_view bytes, auto emit) {
        for (auto byte : bytes)
          emit(byte);
        return bytes.size();
      });
    });
    CHECK(result == std::vector<int>{'a', 'b'});
  }

  TEST_CASE("records by a decoder that takes one off the front") {
    auto result = received<std::string>("2ab3cde", [](streaming_context& ssc, std::uint16_t port) {
      return ssc.socket_stream<std::string>(
        "127.0.0.1", port,
        [](std::string_view& bytes) -> std::optional<std::string> {
          auto length = static_cast<std::size_t>(bytes[0] - '0');
          if (bytes.size() <= length)
            return std::nullopt;
          std::string result{bytes.substr(1, length)};
          bytes.remove_prefix(1 + length);
          return result;
        },
        storage_level::memory_only);
    });
    CHECK(result == std::vector<std::string>{"ab", "cde"});
  }

  TEST_CASE("blocks that come ready-made, of pairs and of views") {
    using pair = std::pair<std::string, long>;
    auto pairs = received<pair>(frame_of(std::vector<pair>{{"a", 1}, {"b", 2}}) +
                                  frame_of(std::vector<pair>{{"c", 3}}),
                                [](streaming_context& ssc, std::uint16_t port) {
                                  return ssc.raw_socket_stream<pair>("127.0.0.1", port);
                                });
    CHECK(pairs == std::vector<pair>{{"a", 1}, {"b", 2}, {"c", 3}});
    auto views = received<std::string_view>(frame_of(std::vector<std::string>{"one", "two"}),
                                            [](streaming_context& ssc, std::uint16_t port) {
                                              return ssc.raw_socket_stream<std::string_view>(
                                                "127.0.0.1", port);
                                            });
    CHECK(views == std::vector<std::string>{"one", "two"});
  }

} // TEST_SUITE
