#include <doctest/doctest.h>

#include <csignal>

#include "support/files.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

namespace {

// 100, 200, ... 500 numbers: each digit has 10 + 20 + ... + 50 of them.
word_counts all_digits() {
  word_counts result;
  for (int digit = 0; digit < 10; ++digit)
    result[std::to_string(digit)] = 150;
  return result;
}

} // namespace

TEST_SUITE("examples.queue_stream") {

  TEST_CASE("it counts one data set a batch and ends when there are no more") {
    run_program program{program_file("queue_stream"), {"--stream.batch-interval=100ms"}};
    CHECK(program.wait() == 0);
    CHECK(printed_counts(program.output()) == all_digits());
    for (auto* line : {"(7,10)\n", "(7,20)\n", "(7,30)\n", "(7,40)\n", "(7,50)\n"})
      CHECK(program.output().find(line) != std::string::npos);
    CHECK(program.errors() == "");
  }

  TEST_CASE("stopped early, it counts what still waits") {
    run_program program{program_file("queue_stream"), {"--stream.batch-interval=1s"}};
    REQUIRE(program.wait_for_output([](auto& output) { return !printed_counts(output).empty(); }));
    program.send_signal(SIGINT);
    CHECK(program.wait() == 0);
    CHECK(printed_counts(program.output()) == all_digits());
    CHECK(program.output().find("(7,30)\n") == std::string::npos);
  }

  TEST_CASE(
    "a bad configuration file ends the program with 2, and the command line overrules a good "
    "one") {
    temp_folder folder;
    auto file = folder / "settings.conf";
    write_file(file, "stream { batch-interval = 100ms\nwokers = 2 }\n");
    run_program refused{program_file("queue_stream"), {"--config-file=" + file}};
    CHECK(refused.wait() == 2);
    CHECK(refused.errors().find(
            "settings.conf:2: there is no setting stream.wokers; did you mean stream.workers?") !=
          std::string::npos);

    write_file(file, "stream { batch-interval = 1h\nworkers = 2 }\n");
    run_program overruled{program_file("queue_stream"),
                          {"--config-file=" + file, "--stream.batch-interval=50ms"}};
    CHECK(overruled.wait() == 0);
    CHECK(printed_counts(overruled.output()) == all_digits());
  }

} // TEST_SUITE
