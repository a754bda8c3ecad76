#include "caf_stream/receiver.hpp"

#include <thread>

#include <doctest/doctest.h>

#include "support/recording_port.hpp"

using namespace caf_stream;
using caf_stream::test::recording_port;
using caf_stream::test::records_of;
using caf_stream::test::take_all;

namespace {

// Counts from where it is told to, in a thread of its own, until it is stopped.
class counter : public receiver<long> {
public:
  counter(long first, std::string word)
    : receiver(storage_level::memory_only), next_(first), word_(std::move(word)) {}

  void on_start() override {
    thread_ = std::thread{[this] {
      while (!is_stopped())
        store(next_++);
    }};
  }

  void on_stop() override {
    thread_.join();
    store(-1); // what it has received already is not lost
  }

  std::optional<std::string> preferred_node() const override { return word_; }

private:
  long next_;
  std::string word_;
  std::thread thread_;
};

class idle_text : public receiver<std::string_view> {
public:
  void on_start() override {}
  void on_stop() override {}
};

std::unique_ptr<recording_port> port_for(const ingest::receiver_source& source,
                                         const ingest::builder_options& options = {}) {
  return std::make_unique<recording_port>(source.make_builder(options));
}

} // namespace

TEST_SUITE("shelf.receiver") {

  TEST_CASE("a receiver is made at each start, from the arguments, and named after its type") {
    auto source = make_receiver_source<counter>(5, "somewhere");
    CHECK(source->kind() == "counter");
    auto first = source->make_receiver();
    auto second = source->make_receiver();
    CHECK(first != second);
    CHECK(second->level() == storage_level::memory_only);
    CHECK(second->preferred_node() == "somewhere");
    CHECK(idle_text{}.level() == storage_level::memory_and_disk_2);
    CHECK_FALSE(idle_text{}.preferred_node());
  }

  TEST_CASE("records stored one by one go into the stream's open block, to the last") {
    auto source = make_receiver_source<counter>(5, "");
    ingest::builder_options options;
    options.limiter = std::make_shared<ingest::rate_limiter>(10'000);
    auto port = port_for(*source, options);
    auto made = source->make_receiver();
    made->attach(*port);
    made->on_start();
    CHECK(test::eventually([&] { return port->builder().accepted() > 100; }));
    port->stopped = true;
    made->on_stop();
    auto records = take_all<long>(port->builder());
    REQUIRE(records.size() > 100);
    CHECK(records.back() == -1);
    for (std::size_t i = 0; i + 1 < records.size(); ++i)
      if (records[i] != static_cast<long>(i) + 5)
        FAIL("record ", i, " is ", records[i]);
    made.reset();
    CHECK(port->losses.empty());
  }

  TEST_CASE("a vector is one block, and its position is remembered") {
    auto source = make_receiver_source<idle_text>();
    auto port = port_for(*source);
    idle_text text;
    text.attach(*port);
    CHECK_FALSE(text.last_position());
    text.store(std::vector<std::string_view>{"a", "b"});
    text.store(std::vector<std::string_view>{"c"}, "offset 3");
    text.store(std::vector<std::string_view>{});
    text.store(std::vector<std::string_view>{}, "offset 4");
    REQUIRE(port->blocks.size() == 3);
    CHECK(records_of<std::string_view>(port->blocks[0]) == std::vector<std::string>{"a", "b"});
    CHECK(records_of<std::string_view>(port->blocks[1]) == std::vector<std::string>{"c"});
    CHECK(port->blocks[2].records() == 0);
    CHECK(text.last_position() == "offset 4");
  }

  TEST_CASE("a vector that was not stored throws, so that nobody acknowledges it") {
    auto source = make_receiver_source<idle_text>();
    auto port = port_for(*source);
    idle_text text;
    text.attach(*port);
    port->stopped = true;
    try {
      text.store(std::vector<std::string_view>{"a"});
      FAIL("it was stored");
    } catch (const error& e) {
      CHECK(e.code() == errc::stopped);
    }
  }

  TEST_CASE("a record after the end is refused, and told once as lost") {
    auto source = make_receiver_source<idle_text>();
    auto port = port_for(*source);
    {
      idle_text text;
      text.attach(*port);
      CHECK(text.store("a"));
      port->builder().close();
      CHECK_FALSE(text.store("b"));
      CHECK_FALSE(text.store("c"));
      CHECK(port->losses.empty());
    }
    CHECK(port->losses == std::vector<std::string>{"2 stored after the receiver was stopped"});
  }

  TEST_CASE("a record that is too long is refused and told as lost") {
    auto source = make_receiver_source<idle_text>();
    ingest::builder_options options;
    options.max_record_bytes = 3;
    auto port = port_for(*source, options);
    idle_text text;
    text.attach(*port);
    CHECK_FALSE(text.store("abcd"));
    CHECK(text.store("abc"));
    REQUIRE(port->losses.size() == 1);
    CHECK(port->losses[0].rfind("1 a record of 4 bytes", 0) == 0);
  }

  TEST_CASE("what a receiver says reaches its supervisor") {
    auto source = make_receiver_source<idle_text>();
    auto port = port_for(*source);
    idle_text text;
    text.attach(*port);
    text.report_error("an error");
    text.restart("again", duration{100});
    text.stop("enough");
    CHECK(port->errors == std::vector<std::string>{"an error"});
    CHECK(port->restarts == std::vector<std::string>{"again"});
    CHECK(port->stops == std::vector<std::string>{"enough"});
    CHECK(text.stream_id() == 7);
    CHECK_FALSE(text.is_stopped());
  }

  TEST_CASE("a receiver that was not started cannot store") {
    idle_text text;
    CHECK_THROWS_WITH_AS(text.store("a"), "a receiver cannot store records before it is started",
                         error);
  }

} // TEST_SUITE
