// What happens when functions and receivers of the user fail.

#include <atomic>
#include <map>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/numbers.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;
using test::thrown_by;

namespace {

rdd_queue<int> one_to(int n) {
  rdd_queue<int> queue;
  for (int i = 1; i <= n; ++i)
    queue.push({i});
  return queue;
}

// Throws in on_start, every time.
class never_starts : public receiver<int> {
public:
  explicit never_starts(std::shared_ptr<std::atomic<int>> starts) : starts_(std::move(starts)) {}
  void on_start() override {
    ++*starts_;
    throw std::runtime_error{"no luck today"};
  }
  void on_stop() override {}

private:
  std::shared_ptr<std::atomic<int>> starts_;
};

} // namespace

TEST_SUITE("shelf.failures") {

  TEST_CASE("a task that fails is tried four times, then its batch is given up, and others run") {
    manual_context context;
    auto queue = one_to(3);
    std::atomic<int> attempts{0};
    test::awaited<std::vector<int>> seen;
    context->queue_stream(queue)
      .map([&](int x) {
        if (x == 2) {
          ++attempts;
          throw std::runtime_error{"two is bad"};
        }
        return x;
      })
      .foreach_rdd([&](const rdd<int>& batch) {
        auto records = batch.collect();
        seen.change([&](auto& all) { all.insert(all.end(), records.begin(), records.end()); });
      });
    context->start();
    REQUIRE(context.tick(3));
    CHECK(attempts == 4);
    CHECK(seen.get() == std::vector<int>{1, 3});
    auto told = context.events().get();
    CHECK_FALSE(told.completed.at(0).output_operation_infos.at(0).failure_reason);
    CHECK(contains(told.completed.at(1).output_operation_infos.at(0).failure_reason.value(),
                   "two is bad"));
    CHECK_FALSE(told.completed.at(2).output_operation_infos.at(0).failure_reason);
    // Told once, and the context stays as it is.
    auto [code, text] = thrown_by([&] { context->await_termination_for(test::patience); });
    CHECK(code == errc::task_failed);
    for (auto* part :
         {"two is bad", "batch 2000 ms", "map", "foreach_rdd at failures_test.cpp", "attempt 4"})
      CHECK(contains(text, part));
    CHECK_FALSE(context->await_termination_for(0ms));
    CHECK(context->state() == context_state::active);
    CHECK(context.tick());
    context->stop();
  }

  TEST_CASE("a task that fails twice and then succeeds costs nothing but time") {
    manual_context context;
    auto queue = one_to(1);
    std::atomic<int> attempts{0};
    test::awaited<std::vector<std::pair<int, int>>> seen;
    context->queue_stream(queue)
      .map([](int x) {
        return std::pair{x, 1};
      })
      .reduce_by_key([](int a, int b) { return a + b; })
      .map([&](const std::pair<int, int>& x) {
        if (++attempts <= 2)
          throw std::runtime_error{"not yet"};
        return x;
      })
      .foreach_rdd([&](const rdd<std::pair<int, int>>& batch) {
        auto records = batch.collect();
        seen.change([&](auto& all) { all = records; });
      });
    context->start();
    REQUIRE(context.tick());
    CHECK(attempts == 3);
    CHECK(seen.get() == std::vector<std::pair<int, int>>{{1, 1}});
    CHECK_FALSE(context->await_termination_for(0ms));
  }

  TEST_CASE("what a late task brings after its batch was given up does not stay in memory") {
    auto options = test::small_settings();
    options.block_size = 4_KiB;
    options.memory_budget = 64_KiB;
    test::awaited<std::map<std::string, int>> messages; // outlives who counts them
    manual_context context{options};
    auto& shared = dynamic_cast<actors::actor_engine&>(*context->core()->engine).shared();
    shared.observe([&](auto, auto, std::string_view message) {
      messages.change([&](auto& all) { ++all[std::string{message}]; });
    });
    test::gate begun, door;
    rdd_queue<int> queue;
    queue.push({1, 2}); // in two partitions
    context->queue_stream(queue)
      .flat_map([&](int x) {
        if (x == 1) {
          begun.wait(); // or the batch may be given up before the other task is run at all
          throw std::runtime_error{"one is bad"};
        }
        begun.open();
        door.wait();
        std::vector<std::pair<int, int>> many;
        for (int i = 0; i < 100'000; ++i)
          many.emplace_back(i, i);
        return many;
      })
      .reduce_by_key(std::plus{})
      .foreach_rdd([](const rdd<std::pair<int, int>>& batch) { batch.count(); });
    auto source = std::make_shared<test::number_source>(1, 1'000);
    context->receiver_stream<test::number_receiver>(source).foreach_rdd(
      [source](const rdd<test::numbered>& batch) {
        for (auto& x : batch.collect())
          source->came_out(x.second, 1);
      });
    context->start();
    test::opens_at_end always{door};
    REQUIRE(context.tick());
    CHECK(context.events().get().completed.at(0).output_operation_infos.at(0).failure_reason);
    door.open();
    REQUIRE(messages.wait([](auto& all) { return all.count("store_pieces") != 0; }));
    messages.change([](auto& all) { all.clear(); });
    for (int i = 0; i < 1000 && source->wrong() != ""; ++i)
      REQUIRE(context.tick());
    // The keeper had room for all of them at once.
    context->stop();
    CHECK(source->wrong() == "");
    CHECK(messages.get()["block_waits"] == 0);
    shared.observe(nullptr);
  }

  TEST_CASE("a transform that throws fails its batch, with what it threw") {
    struct own_error : std::runtime_error {
      using std::runtime_error::runtime_error;
    };
    manual_context context;
    auto queue = one_to(2);
    test::awaited<int> outputs;
    auto stream = context->queue_stream(queue).transform([](const rdd<int>& batch, batch_time t) {
      if (to_millis(t) == 1000)
        throw own_error{"no plan"};
      return batch;
    });
    stream.foreach_rdd([&](const rdd<int>& batch) {
      batch.collect();
      outputs.change([](int& n) { ++n; });
    });
    context->start();
    REQUIRE(context.tick(2));
    CHECK(outputs.get() == 1);
    CHECK_THROWS_AS(context->await_termination_for(test::patience), own_error);
    CHECK_FALSE(context->await_termination_for(0ms));
  }

  TEST_CASE("a foreach_rdd that throws fails its batch and no other output of it") {
    manual_context context;
    auto queue = one_to(2);
    test::awaited<int> outputs;
    auto stream = context->queue_stream(queue);
    stream.foreach_rdd([](const rdd<int>& batch) {
      if (batch.first() == 1)
        throw std::logic_error{"not one"};
    });
    stream.foreach_rdd([&](const rdd<int>&) { outputs.change([](int& n) { ++n; }); });
    context->start();
    REQUIRE(context.tick(2));
    CHECK(outputs.get() == 2);
    CHECK_THROWS_AS(context->await_termination_for(test::patience), std::logic_error);
    CHECK_FALSE(context->await_termination_for(0ms));
  }

  TEST_CASE("failure-policy=stop ends the context when a batch is given up") {
    auto options = test::small_settings();
    options.failure_policy = failure_policy::stop;
    manual_context context{options};
    auto queue = one_to(2);
    context->queue_stream(queue).foreach_rdd(
      [](const rdd<int>&) { throw std::runtime_error{"enough"}; });
    context->start();
    context.clock().advance(1s);
    CHECK_THROWS_AS(context->await_termination_for(test::patience), std::runtime_error);
    CHECK(context->await_termination_for(test::patience));
    CHECK(context->state() == context_state::stopped);
    CHECK(context.events().get().completed.size() == 1);
  }

  TEST_CASE("a receiver that never starts is given up; another stream's numbers are exact") {
    auto options = test::small_settings();
    options.receiver.max_restarts = 3;
    manual_context context{options, 10ms};
    auto starts = std::make_shared<std::atomic<int>>(0);
    auto source = std::make_shared<test::number_source>(0, 50'000);
    context->receiver_stream<never_starts>(starts).foreach_rdd([](const rdd<int>&) {});
    context->receiver_stream<test::number_receiver>(source).foreach_rdd(
      [source](const rdd<test::numbered>& batch) {
        for (auto& x : batch.collect())
          source->came_out(x.second, 1);
      });
    context->start();
    auto [code, text] = thrown_by([&] { context->await_termination_for(test::patience); });
    CHECK(code == errc::receiver_failed);
    CHECK(contains(text, "never_starts-0"));
    CHECK(contains(text, "no luck today"));
    CHECK(*starts == 4); // once, and three restarts
    CHECK(context->state() == context_state::active);
    for (int i = 0; i < 1000 && source->wrong() != ""; ++i)
      REQUIRE(context.tick());
    context->stop();
    auto told = context.events().get(); // all of them: the bus has been closed
    CHECK(told.receiver_errors.size() == 4);
    CHECK(source->wrong() == "");
    told = context.events().get();
    CHECK(told.receivers_stopped.size() == 2);
  }

  TEST_CASE("failure-policy=stop ends the context when a receiver is given up, gracefully") {
    auto options = test::small_settings();
    options.receiver.max_restarts = 0;
    options.failure_policy = failure_policy::stop;
    manual_context context{options};
    auto starts = std::make_shared<std::atomic<int>>(0);
    context->receiver_stream<never_starts>(starts).foreach_rdd([](const rdd<int>&) {});
    auto queue = one_to(3);
    test::awaited<int> sum;
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>& batch) {
      for (auto x : batch.collect())
        sum.change([x](int& all) { all += x; });
    });
    context->start();
    CHECK(thrown_by([&] { context->await_termination_for(test::patience); }).first ==
          errc::receiver_failed);
    CHECK(context->await_termination_for(test::patience));
    CHECK(*starts == 1);
    CHECK(sum.get() == 6);
  }

  TEST_CASE("a slow output of one job runner does not delay another's") {
    auto options = test::small_settings();
    options.concurrent_jobs = 2;
    manual_context context{options};
    test::gate door;
    test::awaited<int> quick;
    auto queue = one_to(5);
    auto stream = context->queue_stream(queue);
    stream.foreach_rdd([&](const rdd<int>& batch) {
      if (batch.first() == 1)
        door.wait();
    });
    stream.foreach_rdd([&](const rdd<int>&) { quick.change([](int& n) { ++n; }); });
    context->start();
    test::opens_at_end always{door};
    context.clock().advance(5s);
    CHECK(quick.wait([](int n) { return n == 5; }));
    CHECK(context.events().get().order.size() > 0);
    for (auto& batch : context.events().get().completed)
      CHECK(to_millis(batch.batch_time) != 1000);
    door.open();
    CHECK(context.events().wait_for_batches(5));
  }
}
