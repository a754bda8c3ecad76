#include <doctest/doctest.h>

#include <csignal>

#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.minimal_word_count") {

  // Its port is fixed, so another program may have it: only start and end are looked at.
  TEST_CASE("it prints batches until it is stopped") {
    run_program program{program_file("minimal_word_count"), {"--stream.batch-interval=100ms"}};
    CHECK(
      program.wait_for_output([](auto& output) { return output.find("Time: ") != output.npos; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
  }

} // TEST_SUITE
