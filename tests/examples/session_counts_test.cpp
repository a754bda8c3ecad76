#include <doctest/doctest.h>

#include <csignal>

#include "support/events.hpp"
#include "support/line_server.hpp"
#include "support/run_program.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.session_counts") {

  TEST_CASE("a visit is printed when its visitor has been idle, and another may begin") {
    gate again;
    line_server server{[&](line_peer& peer, std::size_t) {
      peer.send("ann /\nbob /\nann /cart\n\n /lost\nann /pay\n");
      again.wait();
      peer.send("ann /\nann /help\n");
      peer.wait_until_closed();
    }};
    run_program program{program_file("session_counts"),
                        {"127.0.0.1", std::to_string(server.port()), "200",
                         "--stream.batch-interval=50ms", "--stream.block-interval=10ms"}};
    CHECK(program.wait_for_output([](auto& output) {
      return output.find("(ann,3)") != output.npos && output.find("(bob,1)") != output.npos;
    }));
    again.open();
    CHECK(
      program.wait_for_output([](auto& output) { return output.find("(ann,2)") != output.npos; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(printed_counts(program.output()) == word_counts{{"ann", 5}, {"bob", 1}});
    CHECK(program.output().find("(,") == std::string::npos);
  }

  TEST_CASE("it says how it is called") {
    run_program program{program_file("session_counts"), {}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("usage: session_counts") != std::string::npos);
  }

} // TEST_SUITE
