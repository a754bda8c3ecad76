#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "odd_text.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;
using namespace std::chrono_literals;
using words = std::vector<std::string>;

namespace {

const words quick{"--stream.batch-interval=200ms", "--stream.block-interval=50ms"};

words with(words all, const words& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Serves one text once. Clients that come later get nothing.
class text_once {
public:
  explicit text_once(std::string text)
    : server_([text = std::move(text)](line_peer& peer, std::size_t connection) {
        if (connection != 0)
          return peer.wait_until_closed();
        std::mt19937 random{17};
        for (std::size_t at = 0; at < text.size();) {
          auto n = std::min<std::size_t>(random() % 100000 + 1, text.size() - at);
          if (!peer.send(std::string_view{text}.substr(at, n)))
            return;
          at += n;
        }
      }) {}

  words place() const { return {"127.0.0.1", std::to_string(server_.port())}; }

  // A client that connects again has read everything, to the end of the first connection.
  bool all_read() {
    return eventually([this] { return server_.connections() >= 2; });
  }

private:
  line_server server_;
};

void check_folders_are_complete(const std::string& prefix) {
  for (auto& folder : saved_batches(prefix)) {
    CHECK(std::filesystem::exists(folder / "_SUCCESS"));
    CHECK(!std::filesystem::exists(folder / "_temporary"));
  }
}

// The words of each line are as many of each, so that a count that differs shows a cut line.
void check_lines_are_whole(const word_counts& counts) {
  REQUIRE(counts.size() == 3);
  CHECK(counts.at("whole") > 0);
  CHECK(counts.at("whole") == counts.at("lines"));
  CHECK(counts.at("whole") == counts.at("only"));
}

} // namespace

TEST_SUITE("examples.network_word_count") {

  TEST_CASE("what was received before a graceful stop is counted, by both signals") {
    for (int signal : {SIGTERM, SIGINT}) {
      text_once server{"hello world\nhello\r\n\n  you and\tyou \n"};
      run_program program{program_file("network_word_count"), with(quick, server.place())};
      REQUIRE(server.all_read());
      program.send_signal(signal);
      CHECK(program.wait() == 0);
      CHECK(printed_counts(program.output()) ==
            word_counts{{"hello", 2}, {"world", 1}, {"you", 2}, {"and", 1}});
      CHECK(program.output().starts_with("-------------------------------------------\nTime: "));
      CHECK(program.errors() == "");
    }
  }

  TEST_CASE("without words it serves itself a text") {
    run_program program{program_file("network_word_count"), quick};
    CHECK(
      program.wait_for_output([](auto& output) { return output.find(",1)\n") != output.npos; }));
    program.send_signal(SIGINT);
    CHECK(program.wait() == 0);
    CHECK(program.errors().starts_with("Serving a text at 127.0.0.1:"));
    CHECK(program.output().ends_with("\n\n"));
  }

  TEST_CASE("saved counts are those of a plain count over the text") {
    temp_folder folder;
    auto text = make_odd_text(8u << 20, 1);
    text_once server{text};
    run_program program{program_file("network_word_count"),
                        with(with(quick, server.place()), {folder / "counts"})};
    REQUIRE(server.all_read());
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(program.errors() == "");
    check_folders_are_complete(folder / "counts");
    CHECK(saved_counts(folder / "counts") == count_words(text));
  }

  TEST_CASE("a memory budget smaller than the text loses nothing") {
    temp_folder folder;
    auto text = make_odd_text(8u << 20, 2);
    text_once server{text};
    run_program program{
      program_file("network_word_count"),
      with(with(quick, server.place()),
           {folder / "counts", "--stream.memory-budget=2MiB", "--stream.block-size=256KiB"})};
    REQUIRE(server.all_read());
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(saved_counts(folder / "counts") == count_words(text));
  }

  TEST_CASE("a text that nc sends is counted") {
    if (!std::filesystem::exists("/usr/bin/nc") && !std::filesystem::exists("/bin/nc"))
      return;
    temp_folder folder;
    auto text = make_odd_text(2u << 20, 3);
    std::ofstream{folder / "text", std::ios::binary} << text;
    auto port = std::to_string(free_port());
    run_program nc{"/bin/sh",
                   {"-c", "exec nc -lN 127.0.0.1 " + port + " < '" + (folder / "text") + "'"}};
    run_program program{program_file("network_word_count"),
                        with(quick, {"127.0.0.1", port, folder / "counts"})};
    // It ends when its peer, which has read to the end, closes the connection too.
    REQUIRE(nc.wait() == 0);
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(saved_counts(folder / "counts") == count_words(text));
  }

  TEST_CASE("stopped or killed in the middle of sending, it leaves no partial line") {
    for (int signal : {SIGTERM, SIGKILL}) {
      temp_folder folder;
      line_server server{[](line_peer& peer, std::size_t) {
        while (peer.send("only whole lines\n"))
          std::this_thread::sleep_for(20us);
      }};
      run_program program{program_file("network_word_count"),
                          with(quick, {"127.0.0.1", std::to_string(server.port()),
                                       folder / "counts", "--stream.default-partitions=1"})};
      REQUIRE(
        program.wait_for_output([](auto& output) { return !printed_counts(output).empty(); }));
      std::this_thread::sleep_for(330ms);
      program.send_signal(signal);
      CHECK(program.wait() == (signal == SIGTERM ? 0 : -SIGKILL));
      if (signal == SIGTERM) {
        CHECK(program.output().ends_with("\n\n"));
        check_folders_are_complete(folder / "counts");
      }
      check_lines_are_whole(saved_counts(folder / "counts"));
    }
  }

  TEST_CASE("a second signal ends it at once") {
    text_once server{"hello\n"};
    // Until the next tick a graceful stop would take an hour.
    run_program program{program_file("network_word_count"),
                        with(server.place(), {"--stream.batch-interval=3600s"})};
    REQUIRE(server.all_read());
    program.send_signal(SIGINT);
    std::this_thread::sleep_for(300ms);
    program.send_signal(SIGINT);
    CHECK(program.wait(10s) == 128 + SIGINT);
  }

  TEST_CASE("an absent server is no failure") {
    run_program program{program_file("network_word_count"),
                        with(quick, {"127.0.0.1", std::to_string(free_port())})};
    CHECK(
      program.wait_for_output([](auto& output) { return output.find("Time: ") != output.npos; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(program.errors().find("cannot connect to 127.0.0.1") != std::string::npos);
  }

  TEST_CASE("a wrong command line is refused with a sentence and exit code 2") {
    auto refused = [](const words& given, const std::string& because) {
      CAPTURE(because);
      run_program program{program_file("network_word_count"), given};
      CHECK(program.wait() == 2);
      CHECK(program.output() == "");
      CHECK_MESSAGE(program.errors().find(because) != std::string::npos, program.errors());
    };
    refused({"--stream.max-rat=5"}, "max-rat");
    refused({"localhost", "9999", "--stream.workers=none"}, "workers");
    refused({"localhost"}, "HOST and PORT are needed");
    refused({"localhost", "ninety"}, "'ninety' is no TCP port");
    refused({"localhost", "65536"}, "'65536' is no TCP port");
    refused({"localhost", "1", "a", "b"}, "too many words");
  }

  TEST_CASE("help is no failure") {
    run_program program{program_file("network_word_count"), {"--help"}};
    CHECK(program.wait() == 0);
    CHECK(program.output().find("--long-help") != std::string::npos);
    run_program more{program_file("network_word_count"), {"--long-help"}};
    CHECK(more.wait() == 0);
    CHECK(more.output().find("max-record-bytes") != std::string::npos);
  }

} // TEST_SUITE
