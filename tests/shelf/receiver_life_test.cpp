// The lives of a receiver on the real engine: begun, restarted, ended, and what becomes of what it
// stores in between.

#include <algorithm>
#include <atomic>
#include <functional>
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

class scripted;

// What a scripted receiver does; shared by all its lives.
struct script {
  std::function<void(scripted&)> on_start = [](scripted&) {};
  std::function<void(scripted&)> on_stop = [](scripted&) {};
  test::awaited<int> starts, stops;
};

class scripted : public receiver<int> {
public:
  explicit scripted(std::shared_ptr<script> s)
    : receiver(storage_level::memory_only), script_(std::move(s)) {}

  void on_start() override {
    script_->starts.change([](int& n) { ++n; });
    script_->on_start(*this);
  }

  void on_stop() override {
    script_->on_stop(*this);
    script_->stops.change([](int& n) { ++n; });
  }

private:
  std::shared_ptr<script> script_;
};

// A context with one scripted receiver, whose records are collected.
struct scripted_context {
  std::shared_ptr<script> play = std::make_shared<script>();
  test::awaited<std::vector<int>> records;
  manual_context context;

  explicit scripted_context(settings options = test::small_settings()) : context(options) {
    context->receiver_stream<scripted>(play).foreach_rdd([this](const rdd<int>& batch) {
      auto more = batch.collect();
      records.change([&](auto& all) { all.insert(all.end(), more.begin(), more.end()); });
    });
  }

  bool started(int times) {
    return play->starts.wait([=](int n) { return n >= times; });
  }
  bool stopped(int times) {
    return play->stops.wait([=](int n) { return n >= times; });
  }
};

} // namespace

TEST_SUITE("shelf.receiver_life") {

  TEST_CASE("records and blocks of a receiver are processed in order, once each") {
    scripted_context run;
    run.play->on_start = [](scripted& self) {
      self.store(1);
      self.store(std::vector<int>{2, 3});
      self.store(std::vector<int>{});
      self.store(4);
    };
    run.context->start();
    REQUIRE(run.started(1));
    run.context->stop();
    auto records = run.records.get();
    std::sort(records.begin(), records.end());
    CHECK(records == std::vector<int>{1, 2, 3, 4});
  }

  TEST_CASE("a restart that is asked for ends the receiver and makes a new one") {
    scripted_context run;
    std::atomic<int> life{0};
    run.play->on_start = [&](scripted& self) {
      self.store(++life);
      if (life == 1)
        self.restart("once more", 10ms);
    };
    run.context->start();
    REQUIRE(run.started(2));
    CHECK(run.play->stops.get() == 1);
    run.context->stop();
    CHECK(run.play->stops.get() == 2);
    CHECK(run.records.get() == std::vector<int>{1, 2});
    auto told = run.context.events().get();
    REQUIRE(told.receiver_errors.size() == 1);
    CHECK(contains(told.receiver_errors[0].last_error_message, "once more"));
    CHECK(told.receivers_stopped.size() == 1);
  }

  TEST_CASE("what a life of the past asks for is ignored") {
    scripted_context run;
    run.play->on_start = [&](scripted& self) {
      if (run.play->starts.get() == 1) {
        self.restart("one");
        self.restart("two");
        self.stop("three");
        self.restart("four");
      }
    };
    run.context->start();
    REQUIRE(run.stopped(1));
    // The stop came while the receiver was ending: it is not started again.
    REQUIRE(
      run.context.events().wait([](auto& told) { return told.receivers_stopped.size() == 1; }));
    CHECK(run.play->starts.get() == 1);
    CHECK(run.context->state() == context_state::active);
    run.context->stop();
  }

  TEST_CASE("what a thread asks for before on_start has returned waits for that") {
    scripted_context run;
    std::thread thread;
    run.play->on_start = [&](scripted& self) {
      thread = std::thread{[&self] {
        self.report_error("early");
        self.stop("at once");
      }};
      thread.join();
    };
    run.context->start();
    REQUIRE(
      run.context.events().wait([](auto& told) { return told.receivers_stopped.size() == 1; }));
    std::vector<std::string> order;
    for (auto& event : run.context.events().get().order)
      if (contains(event, "receiver"))
        order.push_back(event);
    CHECK(order ==
          std::vector<std::string>{"receiver_started", "receiver_error", "receiver_stopped"});
  }

  TEST_CASE("positions go from life to life") {
    scripted_context run;
    test::awaited<std::vector<std::string>> positions;
    run.play->on_start = [&](scripted& self) {
      auto last = self.last_position().value_or("none");
      positions.change([&](auto& all) { all.push_back(last); });
      auto n = run.play->starts.get();
      if (n <= 2) {
        self.store(std::vector<int>{n}, "after " + std::to_string(n));
        self.restart("again");
      }
    };
    run.context->start();
    REQUIRE(run.started(3));
    run.context->stop();
    CHECK(positions.get() == std::vector<std::string>{"none", "after 1", "after 2"});
    CHECK(run.records.get() == std::vector<int>{1, 2});
  }

  TEST_CASE("a receiver that throws in on_stop is told of and ends") {
    scripted_context run;
    run.play->on_stop = [](scripted&) { throw std::runtime_error{"will not go"}; };
    run.context->start();
    REQUIRE(run.started(1));
    run.context->stop();
    auto told = run.context.events().get();
    REQUIRE(told.receiver_errors.size() == 1);
    CHECK(contains(told.receiver_errors[0].last_error, "will not go"));
    CHECK(told.receivers_stopped.size() == 1);
  }

  TEST_CASE("until on_stop returns a receiver may store, unless the stop is at once") {
    for (auto gracefully : {true, false}) {
      scripted_context run;
      std::atomic<bool> accepted{false};
      run.play->on_start = [](scripted& self) { self.store(1); };
      run.play->on_stop = [&](scripted& self) {
        CHECK(self.is_stopped());
        accepted = self.store(2);
      };
      run.context->start();
      REQUIRE(run.started(1));
      REQUIRE(
        run.context.events().wait([](auto& told) { return told.receivers_started.size() == 1; }));
      run.context->stop({.gracefully = gracefully, .timeout = std::nullopt});
      CHECK(accepted == gracefully);
      if (gracefully)
        CHECK(run.records.get() == std::vector<int>{1, 2});
      else
        CHECK(run.context.events().get().losses.size() >= 1);
    }
  }

  TEST_CASE("an idle receiver that had records before is restarted") {
    for (bool one_by_one : {true, false}) {
      CAPTURE(one_by_one);
      auto options = test::small_settings();
      options.receiver.idle_timeout = 20ms;
      scripted_context run{options};
      run.play->on_start = [=](scripted& self) {
        if (one_by_one)
          self.store(1);
        else
          self.store(std::vector{1, 2});
      };
      run.context->start();
      REQUIRE(run.started(2));
      run.context->stop();
      auto told = run.context.events().get();
      REQUIRE_FALSE(told.receiver_errors.empty());
      CHECK(contains(told.receiver_errors[0].last_error_message, "no records for 20 ms"));
    }
  }

  TEST_CASE("records beyond the rate wait, and a stop does not wait for them") {
    auto options = test::small_settings();
    options.receiver.max_rate = 100;
    scripted_context run{options};
    std::thread fast;
    std::atomic<std::int64_t> accepted{0};
    run.play->on_start = [&](scripted& self) {
      fast = std::thread{[&] {
        while (!self.is_stopped())
          if (self.store(static_cast<int>(accepted)))
            ++accepted;
      }};
    };
    run.play->on_stop = [&](scripted&) { fast.join(); };
    auto before = std::chrono::steady_clock::now();
    run.context->start();
    REQUIRE(run.started(1));
    while (accepted < 5)
      std::this_thread::yield();
    run.context->stop();
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    CHECK(static_cast<double>(accepted) <= 100 * seconds + 100);
    CHECK(run.records.get().size() == static_cast<std::size_t>(accepted));
  }
}
