// task.deadline on the real engine: tasks that block until the test lets them go on.

#include <algorithm>
#include <atomic>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;

namespace {

settings with_deadline(std::size_t max_attempts) {
  auto result = test::small_settings();
  result.task.deadline = 100ms;
  result.task.max_attempts = max_attempts;
  return result;
}

} // namespace

TEST_SUITE("shelf.task_deadline") {

  TEST_CASE("a task that takes longer has failed, and its batch with it, with a sentence") {
    test::gate released;
    manual_context context{with_deadline(2)};
    test::opens_at_end at_end{released};
    std::atomic<int> calls{0};
    rdd_queue<int> queue;
    queue.push(context->make_rdd(std::vector<int>{1, 2}, 2));
    context->queue_stream(queue)
      .map([&](int x) {
        if (x == 2) {
          ++calls;
          released.wait();
        }
        return x;
      })
      .foreach_rdd([](const rdd<int>& batch) { batch.collect(); });
    context->start();
    REQUIRE(context.tick());
    auto failure = context.events().get().completed.at(0).output_operation_infos.at(0);
    REQUIRE(failure.failure_reason);
    CHECK(contains(*failure.failure_reason, "foreach_rdd"));
    CHECK(contains(*failure.failure_reason, "batch 1000 ms"));
    CHECK(contains(*failure.failure_reason, "partition 1 of map"));
    CHECK(contains(*failure.failure_reason, "attempt 2"));
    CHECK(contains(*failure.failure_reason, "it ran longer than task.deadline, 100 ms"));
    CHECK(calls == 2);
  }

  TEST_CASE("it is run again by another worker, and what it brings late is refused") {
    test::gate released;
    manual_context context{with_deadline(1000)}; // a slow machine may need many
    test::opens_at_end at_end{released};
    std::atomic<int> blocked{0};
    std::atomic<int> returned{0};
    rdd_queue<int> queue;
    for (int batch = 0; batch < 3; ++batch)
      queue.push(context->make_rdd(std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8}, 8));
    std::vector<std::pair<int, int>> results; // only the output's
    context->queue_stream(queue)
      .map([&](int x) {
        // Both workers are lost at once.
        if ((x == 2 || x == 5) && blocked.fetch_add(1) < 2) {
          released.wait();
          ++returned;
          return std::pair{x, 1000};
        }
        return std::pair{x, 1};
      })
      .reduce_by_key(std::plus{})
      .foreach_rdd([&](const rdd<std::pair<int, int>>& batch) {
        if (results.size() == 8)
          released.open();
        for (auto& x : batch.collect())
          results.push_back(x);
      });
    context->start();
    for (int batch = 0; batch < 3; ++batch)
      REQUIRE(context.tick());
    CHECK_NOTHROW(context->stop());
    CHECK(blocked >= 2);
    REQUIRE(results.size() == 24);
    std::sort(results.begin(), results.end());
    for (std::size_t i = 0; i < results.size(); ++i)
      CHECK(results[i] == std::pair{static_cast<int>(i / 3 + 1), 1});
    CHECK_NOTHROW(context->await_termination());
    CHECK(returned == 2); // the end waits for user code
  }

  TEST_CASE("a deadline that is kept changes nothing") {
    auto options = with_deadline(1);
    options.task.deadline = 60s;
    manual_context context{options};
    rdd_queue<int> queue;
    queue.push({1, 2, 3});
    std::int64_t sum = 0;
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>& batch) {
      for (auto x : batch.collect())
        sum += x;
    });
    context->start();
    REQUIRE(context.tick());
    CHECK(sum == 6);
  }
}
