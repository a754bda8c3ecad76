#include <doctest/doctest.h>

#include <csignal>

#include "support/frames.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"

using namespace caf_stream::test;

namespace {

// The sum of all counts in the output.
long counted(const std::string& output) {
  const std::string before = "Grep count: ";
  long result = 0;
  for (auto at = output.find(before); at != output.npos; at = output.find(before, at + 1))
    result += std::stol(output.substr(at + before.size()));
  return result;
}

} // namespace

TEST_SUITE("examples.raw_network_grep") {

  TEST_CASE("lines of all connections are counted once") {
    constexpr int blocks = 50;
    using lines = std::vector<std::string>;
    auto block = frame_of(lines{"the sea", "was wet", "as wet", "as the sea could be"});
    line_server server{[&](line_peer& peer, std::size_t) {
      for (int i = 0; i < blocks; ++i)
        peer.send(block);
    }};
    run_program program{program_file("raw_network_grep"),
                        {"127.0.0.1", std::to_string(server.port()), "2",
                         "--stream.batch-interval=100ms", "--stream.receiver.on-end=stop"}};
    // The server serves one connection after the other.
    CHECK(program.wait_for_output([](auto& output) { return counted(output) >= 4 * blocks; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(counted(program.output()) == 4 * blocks);
  }

  TEST_CASE("the number of connections is checked") {
    run_program program{program_file("raw_network_grep"), {"127.0.0.1", "1", "0"}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("raw_network_grep HOST PORT [STREAMS [WORD]]") !=
          std::string::npos);
  }

} // TEST_SUITE
