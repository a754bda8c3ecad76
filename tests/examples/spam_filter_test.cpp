#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream::test;

namespace {

// Put in place whole, so that nobody reads half of it.
void write_words(const std::string& path, const std::string& words) {
  std::ofstream{path + ".new"} << words;
  std::filesystem::rename(path + ".new", path);
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++n;
  return n;
}

} // namespace

TEST_SUITE("examples.spam_filter") {

  TEST_CASE("words that are added to the file and taken from it hold from the next batch on") {
    temp_folder folder;
    auto path = folder / "words";
    write_words(path, "pills\n");
    std::atomic<bool> ended{false};
    line_server server{[&](line_peer& peer, std::size_t) {
      while (!ended && peer.send("buy pills now\nbuy cars now\n"))
        eventually([&] { return ended.load(); }, std::chrono::milliseconds{20});
    }};
    run_program program{program_file("spam_filter"),
                        {"127.0.0.1", std::to_string(server.port()), path,
                         "--stream.batch-interval=100ms", "--stream.block-interval=20ms"}};
    CHECK(program.wait_for_output([](auto& output) { return count(output, "buy cars now") > 3; }));
    // Without the file the words that were read last hold.
    std::filesystem::remove(path);
    auto shown = count(program.output(), "buy cars now");
    CHECK(program.wait_for_output(
      [&](auto& output) { return count(output, "buy cars now") > shown + 30; }));
    CHECK(count(program.output(), "pills") == 0);
    CHECK(program.errors().find("failed") == std::string::npos);
    write_words(path, "cars\n");
    CHECK(program.wait_for_output([](auto& output) { return count(output, "buy pills now") > 3; }));
    // Once pills were seen, no batch shows cars.
    auto all = program.output();
    CHECK(all.find("cars", all.find("pills")) == std::string::npos);
    ended = true;
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
  }

  TEST_CASE("a file that cannot be read is an error") {
    run_program program{program_file("spam_filter"), {"127.0.0.1", "1", "/nowhere/words"}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("cannot read /nowhere/words") != std::string::npos);
  }

} // TEST_SUITE
