// That a delay which keeps rising is logged and told to listeners, once. Batches take the time by
// which the output moves the manual clock.

#include <mutex>

#include <doctest/doctest.h>

#include "caf_stream/base/log.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;

TEST_SUITE("shelf.rising_delay") {

  TEST_CASE("batches that take longer than the interval are told of once, and that they recover") {
    std::mutex mutex;
    std::vector<std::string> logged;
    auto options = test::small_settings();
    options.log_level = log::level::warning;
    manual_context context{options};
    log::set_sink([&](log::level, std::string_view text) {
      std::lock_guard guard{mutex};
      if (text.find("delay") != std::string_view::npos)
        logged.emplace_back(text);
    });
    rdd_queue<int> queue;
    int batches = 0; // only the output's
    bool in_time = true;
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>&) {
      if (++batches > 12)
        return;
      // 1.5 intervals, in steps, so that batches are submitted when they are due.
      for (int i = 0; i < 3; ++i) {
        context.clock().advance(500ms);
        auto due = static_cast<std::size_t>(to_millis(context.clock().now()) / 1000);
        in_time = in_time &&
                  context.events().wait([&](auto& told) { return told.submitted.size() >= due; });
      }
    });
    context->start();
    context.clock().advance(1s);
    REQUIRE(context.events().wait_for_batches(19));
    context->stop();
    log::set_sink({});
    CHECK(in_time);
    auto told = context.events().get();
    REQUIRE(told.delays_rising.size() == 1);
    auto& rising = told.delays_rising[0];
    CHECK(to_millis(rising.batch_time) == 6000); // the fifth that waited longer than all before
    CHECK(rising.total_delay == 4000ms);
    CHECK(rising.batch_interval == 1000ms);
    CHECK(to_millis(rising.rising_since) == 1000);
    REQUIRE(told.delays_recovered.size() == 1);
    CHECK(to_millis(told.delays_recovered[0].batch_time) ==
          17'000); // as long as half an interval more than at first
    CHECK(told.delays_recovered[0].total_delay == 2000ms);
    CHECK(to_millis(told.delays_recovered[0].rising_since) == 1000);
    REQUIRE(logged.size() == 1);
    CHECK(test::contains(logged[0], "the total delay keeps rising: batch 6000 ms"));
    // After the batch that showed it.
    auto at = std::find(told.order.begin(), told.order.end(), "delay_rising");
    CHECK(std::count(told.order.begin(), at, "batch_completed") == 6);
  }

  TEST_CASE("batches in time are told nothing of") {
    manual_context context;
    rdd_queue<int> queue;
    context->queue_stream(queue).foreach_rdd([](const rdd<int>&) {});
    context->start();
    REQUIRE(context.tick(20));
    context->stop();
    CHECK(context.events().get().delays_rising.empty());
    CHECK(context.events().get().delays_recovered.empty());
  }
}
