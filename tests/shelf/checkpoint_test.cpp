#include "caf_stream/streaming_context.hpp"

#include <doctest/doctest.h>

#include "caf_stream/base/log.hpp"
#include "support/engine.hpp"

// What is said of checkpoints when a program is set up.

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;
using test::thrown_by;

namespace {

dstream<std::pair<int, int>> sums(streaming_context& context, rdd_queue<int>& queue) {
  return context.queue_stream(queue)
    .map([](int x) {
      return std::pair{x, 1};
    })
    .update_state_by_key([](std::span<const int>, std::optional<int> x) { return x; });
}

} // namespace

TEST_SUITE("shelf.checkpoint") {

  TEST_CASE("an interval is a multiple of the slide") {
    manual_context context;
    rdd_queue<int> queue;
    auto stream = sums(*context, queue).checkpoint(1500ms);
    stream.print();
    auto [code, text] = thrown_by([&] { context->start(); });
    CHECK(code == errc::invalid_graph);
    for (auto* part : {"checkpoint(1500 ms) of update_state_by_key at checkpoint_test.cpp",
                       "no multiple of its slide of 1000 ms"})
      CHECK(contains(text, part));
    CHECK(context->state() == context_state::stopped);
  }

  TEST_CASE("an interval says how often to write, and not that there is a folder") {
    manual_context context;
    rdd_queue<int> queue;
    sums(*context, queue).checkpoint(2000ms).foreach_rdd([](const auto&) {});
    context->start();
    CHECK(context->state() == context_state::active);
  }

  TEST_CASE("an interval is longer than nothing, and is set before start") {
    manual_context context;
    rdd_queue<int> queue;
    auto stream = sums(*context, queue);
    CHECK(thrown_by([&] { stream.checkpoint(0ms); }).first == errc::invalid_argument);
    stream.foreach_rdd([](const auto&) {});
    context->start();
    CHECK(thrown_by([&] { stream.checkpoint(1s); }).first == errc::invalid_state);
  }

  TEST_CASE("a checkpointed stream without a state of its own is persisted") {
    manual_context context;
    rdd_queue<int> queue;
    auto numbers = context->queue_stream(queue);
    auto doubled = numbers.map([](int x) { return 2 * x; }).checkpoint(2s);
    CHECK(doubled.node()->level() == storage_level::memory_only);
    CHECK(doubled.node()->checkpoint_interval() == 2s);
    auto state = sums(*context, queue).checkpoint(2s);
    CHECK(state.node()->level() == storage_level::none);
  }

  TEST_CASE("without a folder start says in one line whose state a lost process loses") {
    auto options = test::small_settings();
    options.log_level = log::level::warning;
    manual_context context{options};
    rdd_queue<int> first, second;
    sums(*context, first).named("totals").foreach_rdd([](const auto&) {});
    sums(*context, second).foreach_rdd([](const auto&) {});
    sums(*context, second); // no output needs it
    std::vector<std::string> said;
    log::set_sink([&](log::level, std::string_view text) { said.emplace_back(text); });
    context->start();
    log::set_sink({});
    REQUIRE(said.size() == 1);
    CHECK(contains(said[0], "a process that is lost loses the state of "
                            "update_state_by_key \"totals\" at checkpoint_test.cpp:"));
    CHECK(contains(said[0], ", update_state_by_key at checkpoint_test.cpp:"));
  }

  // Such an operator is made of several; its state is not in the last of them.
  TEST_CASE("a window of all records is named and checkpointed where its state is") {
    manual_context context;
    rdd_queue<int> queue;
    auto numbers = context->queue_stream(queue);
    auto counts = numbers.count_by_window(3s, 1s).named("counts").checkpoint(2s);
    auto sums = numbers.reduce_by_window(std::plus{}, std::minus{}, 3s, 1s).named("sums");
    for (auto& stream : {counts.node(), sums.node()}) {
      auto& state = *stream->parents().at(0);
      CHECK(state.keeps_state());
      CHECK(state.name() == stream->name());
    }
    CHECK(counts.node()->parents()[0]->checkpoint_interval() == 2s);
    CHECK(counts.node()->level() == storage_level::none);
    counts.foreach_rdd([](const auto&) {});
    sums.foreach_rdd([](const auto&) {});
    context->start();
    CHECK(context->state() == context_state::active);
  }

} // TEST_SUITE
