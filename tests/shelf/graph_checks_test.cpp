#include "caf_stream/streaming_context.hpp"

#include <functional>

#include <doctest/doctest.h>

#include "caf_stream/base/clock.hpp"
#include "caf_stream/config.hpp"

// What is wrong with a graph is said at the call, or at start where only the whole graph shows it.

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

struct running {
  config cfg;
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::optional<streaming_context> context;

  running() {
    cfg.stream.workers = 2;
    cfg.stream.clock = clock;
    context.emplace(cfg, 1s);
  }

  dstream<int> numbers() {
    for (int i = 0; i < 3; ++i)
      queue.push(std::vector<int>{i, i});
    return context->queue_stream(queue);
  }

  rdd_queue<int> queue;
};

errc code_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const error& e) {
    return e.code();
  }
  return errc{};
}

} // namespace

TEST_SUITE("shelf.graph_checks") {
  TEST_CASE("two operators of one name are refused at start, with both lines") {
    running r;
    auto stream = r.numbers();
    stream.map([](int x) { return x; }).named("twin").print();
    stream.map([](int x) { return x + 1; }).named("twin").print();
    try {
      r.context->start();
      FAIL("it started");
    } catch (const error& e) {
      std::string text = e.what();
      CHECK(text.find("graph_checks_test.cpp:") != std::string::npos);
      CHECK(text.find("twin") != std::string::npos);
    }
  }

  TEST_CASE("a batch interval must be longer than nothing") {
    config cfg;
    CHECK(code_of([&] { streaming_context bad(cfg, 0ms); }) == errc::invalid_argument);
  }

  TEST_CASE("streams of different contexts do not meet") {
    running a;
    running b;
    auto from_a = a.numbers();
    auto from_b = b.numbers();
    CHECK(code_of([&] { from_a.union_with(from_b); }) == errc::invalid_argument);
    CHECK(code_of([&] { a.context->union_all(std::vector<dstream<int>>{}); }) ==
          errc::invalid_argument);
  }
}
