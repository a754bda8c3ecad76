#include <doctest/doctest.h>

#include <csignal>
#include <fstream>

#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

namespace {

constexpr int total = 8000;

// Each line has a word of its own, so that one that is lost or doubled is seen.
std::string numbered_text() {
  std::string text;
  for (int i = 1; i <= total; ++i)
    text += "line number" + std::to_string(i) + " of many\n";
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The port in what the program says when it has begun.
std::string port_of(const run_program& counting) {
  const std::string before = "actor_feeder 127.0.0.1 ";
  auto said = [&] { return has(counting.errors(), " FILE\n"); };
  if (!eventually(said))
    return {};
  auto text = counting.errors();
  auto begin = text.find(before) + before.size();
  return text.substr(begin, text.find(' ', begin) - begin);
}

} // namespace

TEST_SUITE("examples.actor_word_count") {

  TEST_CASE("each line is counted once while the feeder repeats, is killed and started again") {
    temp_folder folder;
    auto file = folder / "text";
    std::ofstream{file} << numbered_text();
    run_program counting{program_file("actor_word_count"),
                         {"0", folder / "counts", "--stream.batch-interval=200ms"}};
    auto port = port_of(counting);
    REQUIRE(port != "");
    const std::vector<std::string> words{"127.0.0.1", port, file};
    for (auto line : {"line 100\n", "line 500\n", "line 1200\n"}) {
      run_program feeder{program_file("actor_feeder"), words};
      CHECK(feeder.wait_for_output([&](auto& output) { return has(output, line); }));
      feeder.send_signal(SIGKILL);
      CHECK(feeder.wait() == -SIGKILL);
    }
    run_program feeder{program_file("actor_feeder"), words};
    CHECK(feeder.wait() == 0);
    CHECK(has(feeder.output(), "stored all 8000 lines"));
    counting.send_signal(SIGTERM);
    CHECK(counting.wait() == 0);
    CHECK(saved_counts(folder / "counts") == count_words(numbered_text()));
  }

  TEST_CASE(
    "files are numbered each for itself, and one that was sent before is not counted again") {
    temp_folder folder;
    std::ofstream{folder / "a"} << "one two\n";
    std::ofstream{folder / "b"} << "two three\n";
    run_program counting{program_file("actor_word_count"),
                         {"0", folder / "counts", "--stream.batch-interval=200ms"}};
    auto port = port_of(counting);
    REQUIRE(port != "");
    for (auto name : {"a", "b", "a"}) {
      run_program feeder{program_file("actor_feeder"), {"127.0.0.1", port, folder / name}};
      CHECK(feeder.wait() == 0);
    }
    counting.send_signal(SIGTERM);
    CHECK(counting.wait() == 0);
    CHECK(saved_counts(folder / "counts") == word_counts{{"one", 1}, {"two", 2}, {"three", 1}});
  }

  TEST_CASE("a bad port is refused") {
    run_program counting{program_file("actor_word_count"), {"x"}};
    CHECK(counting.wait() == 2);
    CHECK(has(counting.errors(), "actor_word_count [PORT [OUTPUT_PREFIX]]"));
    run_program feeder{program_file("actor_feeder"), {"127.0.0.1"}};
    CHECK(feeder.wait() == 2);
    CHECK(has(feeder.errors(), "actor_feeder HOST PORT FILE"));
  }

} // TEST_SUITE
