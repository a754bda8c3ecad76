#include <doctest/doctest.h>

#include <csignal>

#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.windowed_word_count") {

  TEST_CASE("the most frequent words of all batches in the window come first") {
    std::atomic<bool> first_seen{false};
    line_server server{[&](line_peer& peer, std::size_t) {
      peer.send("b a b\nc b a\n");
      eventually([&] { return first_seen.load(); });
      peer.send("c c c\nd e f g h i j k l m\n");
      peer.wait_until_closed();
    }};
    run_program program{program_file("windowed_word_count"),
                        {"127.0.0.1", std::to_string(server.port()),
                         "--stream.batch-interval=100ms", "--stream.block-interval=20ms"}};
    auto shows = [&](const std::string& lines) {
      return program.wait_for_output(
        [&](auto& output) { return output.find(lines) != std::string::npos; });
    };
    CHECK(shows("(b,3)\n(a,2)\n(c,1)\n\n"));
    first_seen = true;
    CHECK(shows("(c,4)\n(b,3)\n(a,2)\n(d,1)\n(e,1)\n(f,1)\n(g,1)\n(h,1)\n(i,1)\n(j,1)\n...\n"));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
  }

} // TEST_SUITE
