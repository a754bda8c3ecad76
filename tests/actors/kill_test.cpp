// What happens when an actor dies while there is work: those of a node are replaced and no record
// is lost or counted twice; without those of the driver the context ends and says so.

#include <filesystem>
#include <random>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/events.hpp"
#include "support/numbers.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using caf_stream::test::number_receiver;
using caf_stream::test::number_source;
using caf_stream::test::numbered;

namespace {

std::size_t threads_of_process() {
  std::size_t n = 0;
  for ([[maybe_unused]] auto& entry : std::filesystem::directory_iterator{"/proc/self/task"})
    ++n;
  return n;
}

// A thread that has ended may be listed for a moment longer.
bool threads_come_down_to(std::size_t n) {
  auto limit = std::chrono::steady_clock::now() + test::patience;
  while (threads_of_process() > n) {
    if (std::chrono::steady_clock::now() > limit)
      return false;
    std::this_thread::yield();
  }
  return true;
}

settings fast() {
  settings result;
  result.workers = 2;
  result.default_partitions = 3;
  result.block_interval = 5ms;
  result.block_size = 4_KiB;
  result.memory_budget = 16_MiB;
  result.task.max_attempts = 1000; // a worker that is killed time and again costs no batch here
  result.receiver.restart_delay = 1ms;
  result.receiver.max_restarts = 100'000;
  result.log_level = log::level::off;
  return result;
}

// Two streams of numbers, counted by key in a shuffle and checked on the driver.
class counted_numbers {
public:
  explicit counted_numbers(std::int64_t total)
    : sources_{std::make_shared<number_source>(0, total),
               std::make_shared<number_source>(1, total)},
      context_(system_, 20ms, fast()) {
    auto first = context_.receiver_stream<number_receiver>(sources_[0]);
    auto second = context_.receiver_stream<number_receiver>(sources_[1]);
    first.union_with(second)
      .map([](const numbered& x) {
        return std::pair{x, std::int64_t{1}};
      })
      .reduce_by_key(std::plus{})
      .foreach_rdd([this](const rdd<std::pair<numbered, std::int64_t>>& batch) {
        for (auto& [x, times] : batch.collect())
          sources_.at(static_cast<std::size_t>(x.first))->came_out(x.second, times);
      });
    context_.add_listener(events_);
  }

  streaming_context& context() { return context_; }
  test::recorder& events() { return *events_; }
  number_source& source(std::size_t i) { return *sources_.at(i); }

  actors::environment& shared() {
    return dynamic_cast<actors::actor_engine&>(*context_.core()->engine).shared();
  }

  std::vector<caf::actor> in_role(const std::string& role) { return shared().roles.in_role(role); }

  // Waits until `role` is played by an actor other than those.
  bool replaced(const std::string& role, const caf::actor& dead, std::size_t count) {
    auto limit = std::chrono::steady_clock::now() + test::patience;
    for (;;) {
      auto now = in_role(role);
      if (now.size() == count && std::find(now.begin(), now.end(), dead) == now.end())
        return true;
      if (std::chrono::steady_clock::now() > limit)
        return false;
      std::this_thread::yield();
    }
  }

private:
  config cfg_;
  caf::actor_system system_{cfg_};
  std::vector<std::shared_ptr<number_source>> sources_;
  std::shared_ptr<test::recorder> events_ = std::make_shared<test::recorder>();
  streaming_context context_;
};

void kill(const caf::actor& who) { caf::anon_send_exit(who, caf::exit_reason::kill); }

// Kills one actor of the role after a quarter of the numbers, and one more after half of them.
void check_replaced(const std::string& role, std::size_t count) {
  auto before = threads_of_process();
  {
    constexpr std::int64_t total = 60'000;
    counted_numbers run{total};
    run.context().start();
    for (auto part : {total / 4, total / 2}) {
      REQUIRE(run.source(0).wait_for_some(part));
      REQUIRE(run.source(1).wait_for_some(part));
      auto actors = run.in_role(role);
      REQUIRE(actors.size() == count);
      kill(actors.front());
      CHECK(run.replaced(role, actors.front(), count));
    }
    CHECK(run.source(0).wait_for_all());
    CHECK(run.source(1).wait_for_all());
    run.context().stop();
    CHECK(run.context().state() == context_state::stopped);
    CHECK_NOTHROW(run.context().await_termination());
    CHECK(run.source(0).wrong() == "");
    CHECK(run.source(1).wrong() == "");
    // A receiver that dies may be refused a number, which its source gives to the next one.
    for (auto& loss : run.events().get().losses) {
      CHECK(role.starts_with("receiver"));
      CHECK(loss.reason == "stored after the receiver was stopped");
    }
  }
  CHECK(threads_come_down_to(before));
}

// Kills the actor after a quarter of the numbers.
void check_ends_context(const std::string& role) {
  auto before = threads_of_process();
  {
    constexpr std::int64_t total = 1'000'000'000;
    counted_numbers run{total};
    run.context().start();
    REQUIRE(run.source(0).wait_for_some(5'000));
    auto actors = run.in_role(role);
    REQUIRE(actors.size() == 1);
    kill(actors.front());
    actors.clear();
    try {
      run.context().await_termination_for(test::patience);
      FAIL("no failure was reported");
    } catch (const error& e) {
      CHECK(e.code() == errc::actor_failed);
      CHECK(std::string{e.what()}.find(role) != std::string::npos);
    }
    CHECK(run.context().await_termination_for(test::patience));
    CHECK(run.context().state() == context_state::stopped);
    run.context().stop();
    // What came out until then came out once.
    CHECK(run.source(0).wrong().find("times") == std::string::npos);
  }
  CHECK(threads_come_down_to(before));
}

} // namespace

TEST_SUITE("actors.kill") {

  TEST_CASE("a partition worker that dies is replaced and its tasks run again") {
    check_replaced("partition_worker", 2);
  }

  TEST_CASE("a block generator that dies is replaced and its blocks are stored once") {
    check_replaced("block_generator", 2);
  }

  TEST_CASE("a receiver that dies is restarted") { check_replaced("receiver", 2); }

  TEST_CASE("a receiver supervisor that dies is replaced, with its receiver and generator") {
    check_replaced("receiver_supervisor", 2);
  }

  TEST_CASE("without its batch clock a context ends") { check_ends_context("batch_clock"); }
  TEST_CASE("without its batch scheduler a context ends") { check_ends_context("batch_scheduler"); }
  TEST_CASE("without its input picker a context ends") { check_ends_context("input_picker"); }
  TEST_CASE("without a job runner a context ends") { check_ends_context("job_runner"); }
  TEST_CASE("without its receiver tracker a context ends") {
    check_ends_context("receiver_tracker");
  }
  TEST_CASE("without its block ledger a context ends") { check_ends_context("block_ledger"); }
  TEST_CASE("without its listener bus a context ends") { check_ends_context("listener_bus"); }
  TEST_CASE("without its node agent a context ends") { check_ends_context("node_agent"); }
  TEST_CASE("without its block keeper a context ends") { check_ends_context("block_keeper"); }
  TEST_CASE("without its root supervisor a context ends") { check_ends_context("root_supervisor"); }

  TEST_CASE("actors of the node that die in rapid succession lose nothing") {
    auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    constexpr std::int64_t total = 100'000;
    const std::vector<std::string> roles{"partition_worker", "block_generator", "receiver",
                                         "receiver_supervisor"};
    counted_numbers run{total};
    run.context().start();
    auto kills = 0;
    while (kills < 400) {
      auto actors = run.in_role(roles[random() % roles.size()]);
      if (!actors.empty()) {
        kill(actors[random() % actors.size()]);
        ++kills;
      }
      // A thread gives way a random number of times, so that moments differ.
      for (auto i = random() % 2000; i > 0; --i)
        std::this_thread::yield();
    }
    CHECK(run.source(0).wait_for_all());
    CHECK(run.source(1).wait_for_all());
    run.context().stop();
    CHECK(run.source(0).wrong() == "");
    CHECK(run.source(1).wrong() == "");
    CHECK_NOTHROW(run.context().await_termination());
  }

  TEST_CASE("a supervisor that dies while the context stops does not keep it from stopping") {
    auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 10; ++round) {
      counted_numbers run{1'000'000'000};
      run.context().start();
      REQUIRE(run.source(0).wait_for_some(100));
      auto supervisors = run.in_role("receiver_supervisor");
      run.context().core()->engine->request_stop(true);
      for (auto i = random() % 300; i > 0; --i)
        std::this_thread::yield();
      for (auto& supervisor : supervisors)
        kill(supervisor);
      CHECK(run.context().await_termination_for(test::patience));
      CHECK(run.source(0).wrong().find("times") == std::string::npos);
    }
  }
}
