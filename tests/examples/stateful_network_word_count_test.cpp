#include <doctest/doctest.h>

#include <csignal>

#include "support/events.hpp"
#include "support/line_server.hpp"
#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.stateful_network_word_count") {

  TEST_CASE("counts go on from batch to batch, from those it begins with") {
    gate more;
    line_server server{[&](line_peer& peer, std::size_t) {
      peer.send("hello again\n");
      more.wait();
      peer.send("hello again and again\n");
      peer.wait_until_closed();
    }};
    run_program program{program_file("stateful_network_word_count"),
                        {"127.0.0.1", std::to_string(server.port()), "--stream.batch-interval=50ms",
                         "--stream.block-interval=10ms"}};
    CHECK(program.wait_for_output([](auto& output) {
      return output.find("(hello,2)") != output.npos && output.find("(again,1)") != output.npos &&
             output.find("(world,1)") != output.npos;
    }));
    more.open();
    CHECK(program.wait_for_output([](auto& output) {
      return output.find("(hello,3)") != output.npos && output.find("(again,3)") != output.npos &&
             output.find("(and,1)") != output.npos;
    }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
  }

  TEST_CASE("words that it does not know are told") {
    run_program program{program_file("stateful_network_word_count"), {"a", "1", "b"}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("usage: stateful_network_word_count") != std::string::npos);
  }

} // TEST_SUITE
