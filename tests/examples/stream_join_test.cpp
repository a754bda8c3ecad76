#include <doctest/doctest.h>

#include <atomic>
#include <csignal>

#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.stream_join") {

  TEST_CASE("a click is shown with the newest account of the window, or without one") {
    std::atomic<bool> joined{false};
    line_server accounts{[&](line_peer& peer, std::size_t) {
      peer.send("\nann\nbob \n silver\nann silver\nann gold\n");
      eventually([&] { return joined.load(); });
    }};
    line_server clicks{[&](line_peer& peer, std::size_t) {
      while (!joined && peer.send("\nlone\ncid \n /lost\nann /prices\nbob /\n"))
        eventually([&] { return joined.load(); }, std::chrono::milliseconds{20});
    }};
    run_program program{program_file("stream_join"),
                        {"127.0.0.1", std::to_string(clicks.port()),
                         std::to_string(accounts.port()), "--stream.batch-interval=100ms"}};
    auto shows = [&](const std::string& line) {
      return program.wait_for_output(
        [&](auto& output) { return output.find(line) != std::string::npos; });
    };
    CHECK(shows("(ann,(/prices,gold))\n"));
    CHECK(shows("(bob,(/,unknown))\n"));
    joined = true;
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    for (auto* dropped : {"silver", "(bob,(/,))", "lone", "cid", "lost"})
      CHECK(program.output().find(dropped) == std::string::npos);
  }

  TEST_CASE("words that are missing are an error") {
    run_program program{program_file("stream_join"), {"127.0.0.1", "1"}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("stream_join HOST CLICKS_PORT ACCOUNTS_PORT") != std::string::npos);
  }

} // TEST_SUITE
