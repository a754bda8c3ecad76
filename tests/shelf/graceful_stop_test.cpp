// Every record that was accepted before a graceful stop is in an output after it, whoever asks for
// the stop; and a stop comes to its end, whatever else is going on.

#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/numbers.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::number_receiver;
using test::number_source;
using test::numbered;

namespace {

// A receiver of an endless source, whose accepted numbers have to come out once each.
struct endless {
  std::shared_ptr<number_source> source = std::make_shared<number_source>(0, 1'000'000'000);
  std::atomic<std::int64_t> came_out{0};
  std::atomic<std::int64_t> highest{-1};

  dstream<numbered> in(streaming_context& context) {
    return context.receiver_stream<number_receiver>(source);
  }

  void take(const rdd<numbered>& batch) {
    for (auto& x : batch.collect()) {
      ++came_out;
      highest = std::max(highest.load(), x.second);
      source->came_out(x.second, 1);
    }
  }

  // The source gives numbers in order, and takes back those that were refused. So those that were
  // accepted are all below the highest one, and there is one of each.
  void check() {
    CHECK(came_out > 0);
    CHECK(came_out == highest + 1);
    CHECK(source->wrong().find("times") == std::string::npos);
  }
};

class stopping_listener final : public streaming_listener {
public:
  explicit stopping_listener(streaming_context& context) : context_(context) {}
  void on_batch_completed(const batch_info& info) override {
    if (info.num_records > 0)
      context_.stop();
  }

private:
  streaming_context& context_;
};

// Stops the context from its own thread, which on_stop joins.
class stopping_receiver : public receiver<int> {
public:
  explicit stopping_receiver(streaming_context* context) : context_(context) {}
  void on_start() override {
    thread_ = std::thread{[this] {
      for (int i = 0; i < 1000; ++i)
        store(i);
      context_->stop();
      store(1000);
    }};
  }
  void on_stop() override { thread_.join(); }

private:
  streaming_context* context_;
  std::thread thread_;
};

// Hands its 15 records over when it is stopped.
class slow_to_stop : public receiver<int> {
public:
  void on_start() override {}
  void on_stop() override {
    for (int i = 0; i < 15; ++i)
      store(i);
  }
};

} // namespace

TEST_SUITE("shelf.graceful_stop") {

  TEST_CASE("by a call") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context).foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
    context.start();
    REQUIRE(numbers.source->wait_for_some(1000));
    context.stop();
    CHECK(context.state() == context_state::stopped);
    numbers.check();
  }

  TEST_CASE("by another thread, and by several") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context).foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
    context.start();
    REQUIRE(numbers.source->wait_for_some(1000));
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] { context.stop(); });
    context.await_termination();
    for (auto& thread : threads)
      thread.join();
    numbers.check();
  }

  TEST_CASE("by a listener") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context).foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
    context.add_listener(std::make_shared<stopping_listener>(context));
    context.start();
    CHECK(context.await_termination_for(test::patience));
    numbers.check();
  }

  TEST_CASE("inside foreach_rdd") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context).foreach_rdd([&](const rdd<numbered>& batch) {
      numbers.take(batch);
      if (numbers.came_out > 1000)
        context.stop();
    });
    context.start();
    CHECK(context.await_termination_for(test::patience));
    numbers.check();
  }

  TEST_CASE("inside transform") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context)
      .transform([&](const rdd<numbered>& batch) {
        if (numbers.came_out > 1000)
          context.stop();
        return batch;
      })
      .foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
    context.start();
    CHECK(context.await_termination_for(test::patience));
    numbers.check();
  }

  TEST_CASE("inside a function that runs in a task") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    endless numbers;
    numbers.in(context)
      .map([&](const numbered& x) {
        if (x.second == 1000)
          context.stop();
        return x;
      })
      .foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
    context.start();
    CHECK(context.await_termination_for(test::patience));
    numbers.check();
  }

  TEST_CASE("by a receiver's own thread, which its on_stop waits for") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    std::atomic<std::int64_t> records{0};
    context.receiver_stream<stopping_receiver>(&context).foreach_rdd(
      [&](const rdd<int>& batch) { records += batch.count(); });
    context.start();
    CHECK(context.await_termination_for(test::patience));
    CHECK(records == 1001);
  }

  TEST_CASE("immediately after the start") {
    for (int i = 0; i < 20; ++i) {
      streaming_context context{test::shared_system(), 5ms, test::small_settings()};
      endless numbers;
      numbers.in(context).foreach_rdd([&](const rdd<numbered>& batch) { numbers.take(batch); });
      context.start();
      context.stop();
      CHECK(context.state() == context_state::stopped);
      CHECK(numbers.came_out == numbers.highest + 1);
    }
  }

  TEST_CASE("what a receiver stores in its on_stop is processed") {
    streaming_context context{test::shared_system(), 20ms, test::small_settings()};
    std::atomic<std::int64_t> records{0};
    context.receiver_stream<slow_to_stop>().foreach_rdd(
      [&](const rdd<int>& batch) { records += batch.count(); });
    context.start();
    context.stop();
    CHECK(records == 15);
  }

  TEST_CASE("the last batch takes all that waits in a queue") {
    test::manual_context context;
    rdd_queue<int> queue;
    test::awaited<std::vector<std::vector<int>>> batches;
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>& batch) {
      auto records = batch.collect();
      batches.change([&](auto& all) { all.push_back(records); });
    });
    for (int i = 1; i <= 4; ++i)
      queue.push({i});
    context->start();
    REQUIRE(context.tick());
    context->stop();
    CHECK(batches.get() == std::vector<std::vector<int>>{{1}, {2, 3, 4}});
  }

  TEST_CASE("a timeout ends a stop that an output holds up") {
    auto door = std::make_shared<test::gate>(); // the output outlives the context
    test::manual_context context;
    test::opens_at_end always{*door};
    auto inside = std::make_shared<test::awaited<bool>>();
    rdd_queue<int> queue;
    queue.push({1});
    context->queue_stream(queue).foreach_rdd([door, inside](const rdd<int>&) {
      inside->change([](bool& x) { x = true; });
      door->wait();
    });
    context->start();
    context.clock().advance(1s);
    REQUIRE(inside->wait([](bool x) { return x; }));
    auto before = std::chrono::steady_clock::now();
    context->stop({.gracefully = true, .timeout = 50ms});
    CHECK(std::chrono::steady_clock::now() - before < 10s);
    CHECK(context->state() == context_state::stopped);
  }

  TEST_CASE("a timeout given by a listener holds too") {
    class listener final : public streaming_listener {
    public:
      explicit listener(streaming_context& context) : context_(context) {}
      void on_batch_started(const batch_info&) override {
        context_.stop({.gracefully = true, .timeout = 50ms});
      }
      streaming_context& context_;
    };
    auto door = std::make_shared<test::gate>(); // the output outlives the context
    test::manual_context context;
    test::opens_at_end always{*door};
    rdd_queue<int> queue;
    queue.push({1});
    context->queue_stream(queue).foreach_rdd([door](const rdd<int>&) { door->wait(); });
    context->add_listener(std::make_shared<listener>(*context));
    context->start();
    context.clock().advance(1s);
    CHECK(context->await_termination_for(test::patience));
  }

  TEST_CASE("a stop at once drops what is under way and says so") {
    test::manual_context context;
    auto source = std::make_shared<number_source>(0, 1000);
    context->receiver_stream<number_receiver>(source).foreach_rdd([](const rdd<numbered>&) {});
    context->start();
    REQUIRE(context.events().wait([](auto& told) { return told.receivers_started.size() == 1; }));
    context->stop({.gracefully = false, .timeout = std::nullopt});
    CHECK(context->state() == context_state::stopped);
    CHECK(context.events().get().receivers_stopped.size() == 1);
  }

  TEST_CASE("actions of a stopped context are refused") {
    test::manual_context context;
    auto set = context->make_rdd(std::vector<int>{1, 2, 3});
    CHECK(set.count() == 3); // also before the start
    context->stop();
    CHECK(test::thrown_by([&] { set.count(); }).first == errc::stopped);
  }
}
