#include <doctest/doctest.h>

#include <csignal>

#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

namespace {

std::vector<std::string> arguments(std::uint16_t port) {
  return {"127.0.0.1", std::to_string(port), "--stream.batch-interval=200ms",
          "--stream.receiver.restart-delay=50ms"};
}

} // namespace

TEST_SUITE("examples.custom_receiver") {

  TEST_CASE("each connection's lines are counted, and a new receiver follows the one that ended") {
    line_server server{[](line_peer& peer, std::size_t connection) {
      if (connection == 0)
        peer.send("one two two\r\n\nthree");
      else if (connection == 1)
        peer.send("three three\n");
      else
        peer.wait_until_closed();
    }};
    run_program program{program_file("custom_receiver"), arguments(server.port())};
    REQUIRE(eventually([&] { return server.connections() >= 3; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(printed_counts(program.output()) == word_counts{{"one", 1}, {"two", 2}, {"three", 3}});
    CHECK(program.errors().find("the connection ended") != std::string::npos);
  }

  TEST_CASE("without a server it tries again until it is stopped") {
    run_program program{program_file("custom_receiver"), arguments(free_port())};
    CHECK(
      program.wait_for_output([](auto& output) { return output.find("Time: ") != output.npos; }));
    program.send_signal(SIGINT);
    CHECK(program.wait() == 0);
    CHECK(program.errors().find("cannot connect to 127.0.0.1") != std::string::npos);
  }

  TEST_CASE("it needs a host and a port") {
    run_program program{program_file("custom_receiver"), {}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("custom_receiver HOST PORT") != std::string::npos);
  }

} // TEST_SUITE
