#include <doctest/doctest.h>

#include <csignal>
#include <deque>
#include <regex>

#include "line_sink.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

namespace {

// Sends its one client a line whenever the test says so.
class line_source {
public:
  std::uint16_t port() const { return server_.port(); }

  void send(std::string line) {
    std::lock_guard guard{mutex_};
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  ~line_source() {
    std::lock_guard guard{mutex_};
    ending_ = true;
    changed_.notify_all();
  }

private:
  void serve(line_peer& peer) {
    std::unique_lock guard{mutex_};
    for (;;) {
      changed_.wait(guard, [this] { return ending_ || !lines_.empty(); });
      if (lines_.empty())
        return;
      peer.send(lines_.front() + "\n");
      lines_.pop_front();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  bool ending_ = false;
  line_server server_{[this](line_peer& peer, std::size_t) { serve(peer); }};
};

// The program between a source and a sink.
struct counting_into_sink {
  line_source source;
  line_sink sink;
  std::string sent;
  run_program program{program_file("connection_pool"),
                      {"127.0.0.1", std::to_string(sink.port()), "127.0.0.1",
                       std::to_string(source.port()), "--stream.batch-interval=50ms",
                       "--stream.workers=2"}};

  // Sends a line and waits until the sink has counted it: the line makes a batch of its own.
  bool send(const std::string& line) {
    sent += line + "\n";
    source.send(line);
    return eventually([&] { return sink.counts() == count_words(sent); });
  }

  int stop() {
    program.send_signal(SIGTERM);
    return program.wait();
  }
};

const std::string words = "a b c d e f g h i j k l a a b"; // enough for both partitions

} // namespace

TEST_SUITE("examples.connection_pool") {

  TEST_CASE("connections are used again, and there are no more of them than workers") {
    counting_into_sink run;
    for (int i = 0; i < 10; ++i)
      REQUIRE(run.send(words));
    CHECK(run.sink.partitions() >= 20);
    CHECK(run.sink.repeated() == 0);
    CHECK(run.sink.connections() >= 1);
    CHECK(run.sink.connections() <= 2);
    static const std::regex one_output{"begin [0-9a-f]{16} [0-9]{13} [01]"};
    auto lines = run.sink.first_lines();
    for (auto& line : lines) {
      CHECK(std::regex_match(line, one_output));
      CHECK(line.substr(0, 22) == lines.front().substr(0, 22));
    }
    CHECK(run.stop() == 0);
    CHECK(run.program.errors() == "");
  }

  TEST_CASE("when the sink has closed its connections, new ones are made and nothing is lost") {
    counting_into_sink run;
    for (int i = 0; i < 3; ++i) {
      REQUIRE(run.send(words));
      run.sink.close_all();
    }
    REQUIRE(run.send(words));
    CHECK(run.sink.connections() >= 4);
    CHECK(run.stop() == 0);
    CHECK(run.program.errors() == "");
  }

  TEST_CASE("a partition that was not answered comes again under the same name") {
    counting_into_sink run;
    REQUIRE(run.send(words));
    CHECK(run.sink.repeated() == 0);
    run.sink.close_before_next_answer();
    REQUIRE(run.send(words));
    REQUIRE(run.send("end"));
    CHECK(run.sink.repeated() == 1);
    CHECK(run.stop() == 0);
  }

  TEST_CASE("without a sink batches fail, and the program goes on") {
    line_source source;
    run_program program{program_file("connection_pool"),
                        {"127.0.0.1", std::to_string(free_port()), "127.0.0.1",
                         std::to_string(source.port()), "--stream.batch-interval=50ms"}};
    source.send(words);
    CHECK(eventually([&] {
      return program.errors().find("the sink did not answer: Connection refused") !=
             std::string::npos;
    }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
  }

  TEST_CASE("it needs to know its sink") {
    run_program program{program_file("connection_pool"), {"127.0.0.1"}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("connection_pool SINK_HOST SINK_PORT [HOST PORT]") !=
          std::string::npos);
  }

} // TEST_SUITE
