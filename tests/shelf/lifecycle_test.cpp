// The life of a context: its states, and what may be done in which. As in Spark Streaming, but:
//   - several contexts may be active in one process;
//   - stop() is graceful unless told otherwise, and works from a listener (graceful_stop_test.cpp);
//   - start() on an active context is a warning, and every stream has a batch at each of its ticks;
//   - remember() refuses a time shorter than a batch; its second call is an error of state.

#include <map>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;
using test::thrown_by;

namespace {

dstream<int> add_input(streaming_context& context) {
  rdd_queue<int> queue;
  return context.queue_stream(queue);
}

void add_output(const dstream<int>& stream) {
  stream.foreach_rdd([](const rdd<int>&) {});
}

void note(std::vector<int>& seen, const rdd<int>& batch) {
  for (auto x : batch.collect())
    seen.push_back(x);
}

} // namespace

TEST_SUITE("shelf.lifecycle") {

  TEST_CASE("a context is initialized, then active, then stopped") {
    manual_context context;
    add_output(add_input(*context));
    CHECK(context->state() == context_state::initialized);
    context->start();
    CHECK(context->state() == context_state::active);
    context->stop();
    CHECK(context->state() == context_state::stopped);
  }

  TEST_CASE("stopping twice, or before the start, is no error") {
    manual_context context;
    add_output(add_input(*context));
    context->start();
    context->stop();
    CHECK_NOTHROW(context->stop());
    CHECK_NOTHROW(context->stop({.gracefully = false, .timeout = std::nullopt}));
    CHECK(context->state() == context_state::stopped);

    manual_context never_started;
    never_started->stop();
    CHECK(never_started->state() == context_state::stopped);
    CHECK(never_started->await_termination_for(test::patience));
  }

  TEST_CASE("a stopped context does not start again") {
    manual_context context;
    add_output(add_input(*context));
    context->start();
    context->stop();
    auto [code, text] = thrown_by([&] { context->start(); });
    CHECK(code == errc::invalid_state);
    CHECK(contains(text, "after the context has stopped"));
  }

  TEST_CASE("starting an active context again changes nothing") {
    manual_context context;
    add_output(add_input(*context));
    context->start();
    CHECK_NOTHROW(context->start());
    CHECK(context->state() == context_state::active);
    CHECK(context.tick());
  }

  TEST_CASE("a context without an output does not start and is stopped then") {
    manual_context context;
    add_input(*context).map([](int x) { return x; });
    auto [code, text] = thrown_by([&] { context->start(); });
    CHECK(code == errc::invalid_graph);
    CHECK(contains(text, "no output operation"));
    CHECK(context->state() == context_state::stopped);
    // Nobody waits for the end of what never began.
    CHECK(context->await_termination_for(test::patience));
    CHECK_NOTHROW(context->stop());
  }

  TEST_CASE("nothing can be added once a context has started, nor once it has stopped") {
    manual_context context;
    auto input = add_input(*context);
    add_output(input);
    context->start();
    for (auto* when : {"after the context has started", "after the context has stopped"}) {
      CAPTURE(when);
      auto check = [&](auto f) {
        auto [code, text] = thrown_by(f);
        CHECK(code == errc::invalid_state);
        CHECK(contains(text, when));
      };
      check([&] { add_input(*context); });
      check([&] { input.map([](int x) { return x; }); });
      check([&] { input.union_with(input); });
      check([&] { add_output(input); });
      check([&] { input.print(); });
      check([&] { input.persist(); });
      check([&] { input.named("late"); });
      check([&] { context->remember(5s); });
      context->stop();
    }
  }

  TEST_CASE("batches are remembered once, and no shorter than an interval") {
    manual_context context;
    CHECK(thrown_by([&] { context->remember(500ms); }).first == errc::invalid_argument);
    context->remember(3s);
    auto [code, text] = thrown_by([&] { context->remember(4s); });
    CHECK(code == errc::invalid_state);
    CHECK(contains(text, "3000 ms"));
  }

  TEST_CASE("the setting of how long batches are remembered goes before the program's") {
    auto options = test::small_settings();
    options.remember = 500ms;
    manual_context context{options};
    add_output(add_input(*context));
    context->remember(3s);
    auto [code, text] = thrown_by([&] { context->start(); });
    CHECK(code == errc::invalid_argument);
    CHECK(contains(text, "remember(500 ms)"));
  }

  TEST_CASE("an action may be the first thing a context does, shuffles too") {
    for (int i = 0; i < 100; ++i) {
      manual_context context;
      auto counts = context->make_rdd(std::vector<int>{1, 2, 1}).count_by_value();
      CHECK(counts.size() == 2);
    }
  }

  TEST_CASE("a stream whose context is gone says so") {
    auto context = std::make_unique<manual_context>();
    auto numbers = add_input(**context);
    context.reset();
    CHECK(thrown_by([&] { numbers.context(); }).first == errc::stopped);
    CHECK(thrown_by([&] { numbers.count(); }).first == errc::invalid_state);
  }

  TEST_CASE("functions that hold an rdd of their context do not keep it") {
    auto held = std::make_shared<int>(1);
    std::weak_ptr<int> watch = held;
    {
      manual_context context;
      auto fixed = context->make_rdd({1, 2}).map([held](int x) { return x + *held; });
      auto numbers = add_input(*context);
      auto more =
        numbers.transform([fixed](const rdd<int>& batch) { return batch.union_with(fixed); });
      auto sum = [fixed](std::span<const int> values, std::optional<int>) {
        return std::optional{static_cast<int>(values.size()) + 0 * fixed.partitions()};
      };
      more.window(3s).foreach_rdd([fixed](const rdd<int>&) {});
      more.map([](int x) {
            return std::pair{x, x};
          })
        .update_state_by_key<int>(sum)
        .foreach_rdd([](const auto&) {});
      context->start();
      REQUIRE(context.tick());
      held.reset();
      CHECK(!watch.expired());
    }
    CHECK(watch.expired());
  }

  TEST_CASE("awaiting a stopped context returns at once, an active one in time") {
    manual_context context;
    add_output(add_input(*context));
    context->start();
    CHECK_FALSE(context->await_termination_for(1ms));
    std::thread other{[&] { context->stop(); }};
    context->await_termination();
    other.join();
    CHECK(context->await_termination_for(0ms));
    CHECK_NOTHROW(context->await_termination());
  }

  TEST_CASE("an input that no output reads is no harm") {
    manual_context context;
    rdd_queue<int> unused;
    unused.push({1, 2, 3});
    context->queue_stream(unused);
    add_output(add_input(*context));
    context->start();
    CHECK(context.tick(2));
    context->stop();
  }

  TEST_CASE("a clock that jumps by five intervals makes five batches with their own times") {
    manual_context context;
    rdd_queue<int> queue;
    for (int i = 1; i <= 5; ++i)
      queue.push({i});
    std::vector<std::pair<std::int64_t, std::vector<int>>> seen;
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>& batch, batch_time t) {
      seen.emplace_back(to_millis(t), batch.collect());
    });
    context->start();
    REQUIRE(context.tick(5));
    context->stop();
    REQUIRE(seen.size() >= 5);
    for (int i = 1; i <= 5; ++i)
      CHECK(seen[static_cast<std::size_t>(i) - 1] ==
            std::pair<std::int64_t, std::vector<int>>{1000 * i, {i}});
  }

  TEST_CASE("two contexts are active in one process and do not know of each other") {
    manual_context first, second{test::small_settings(), 500ms};
    std::map<int, std::vector<int>> sums;
    {
      rdd_queue<int> queue1, queue2;
      queue1.push({1, 2, 3});
      queue2.push({10, 20});
      first->queue_stream(queue1).foreach_rdd([&](const rdd<int>& batch) { note(sums[1], batch); });
      second->queue_stream(queue2).foreach_rdd(
        [&](const rdd<int>& batch) { note(sums[2], batch); });
      first->start();
      second->start();
      REQUIRE(first.tick());
      first->stop();
      CHECK(second->state() == context_state::active);
      REQUIRE(second.tick());
      second->stop();
    }
    CHECK(sums.size() == 2);
    CHECK(sums[2] == std::vector<int>{10, 20});
  }

  TEST_CASE("a context in a foreign actor system leaves it as it was") {
    caf::actor_system_config cfg;
    caf::actor_system system{cfg};
    {
      streaming_context context{system, 20ms, test::small_settings()};
      auto events = std::make_shared<test::recorder>();
      context.add_listener(events);
      add_output(add_input(context));
      context.start();
      CHECK(&context.system() == &system);
      CHECK(context.arguments().empty());
      CHECK(events->wait_for_batches(2));
    }
    system.await_all_actors_done();
  }

  TEST_CASE("a context that is moved goes on") {
    manual_context made;
    rdd_queue<int> queue;
    auto stream = made->queue_stream(queue);
    streaming_context context = std::move(*made);
    CHECK(&stream.context() == &context);
    add_output(stream);
    context.start();
    made.clock().advance(1s);
    CHECK(made.events().wait_for_batches(1));
    context.stop();
    CHECK(context.state() == context_state::stopped);
  }

  TEST_CASE("wrong settings are refused with all that is wrong") {
    auto options = test::small_settings();
    options.workers = 0;
    options.concurrent_jobs = 0;
    auto [code, text] = thrown_by([&] { streaming_context{test::shared_system(), 1s, options}; });
    CHECK(code == errc::invalid_setting);
    CHECK(contains(text, "workers"));
    CHECK(contains(text, "concurrent-jobs"));
    CHECK(thrown_by([] {
            streaming_context{test::shared_system(), 0ms};
          }).first == errc::invalid_argument);
  }
}
