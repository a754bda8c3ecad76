#include "caf_stream/testing.hpp"

#include <atomic>
#include <stdexcept>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "support/engine.hpp"
#include "support/engine_shapes.hpp"

// A task that fails half way, a batch that is given up and a worker that dies leave the state as it
// was.

using namespace caf_stream;
using test::contains;
using test::manual_context;
using test::small_settings;

namespace {

using count = std::pair<int, long>;
using counts = std::vector<count>;
using history = std::vector<counts>;

constexpr int keys = 50;

rdd_queue<int> all_keys(int batches) {
  rdd_queue<int> queue;
  for (int i = 0; i < batches; ++i) {
    std::vector<int> batch;
    for (int k = 0; k < keys; ++k)
      batch.push_back(k);
    queue.push(batch);
  }
  return queue;
}

counts all_at(long n) {
  counts result;
  for (int k = 0; k < keys; ++k)
    result.emplace_back(k, n);
  return result;
}

/// Fails in the middle of a partition as often as it is told to.
class now_and_then {
public:
  void fail_next(int times) { left_ = times; }
  void pass(int key) const {
    if (meanwhile)
      meanwhile(key);
    if (key == keys / 2 && left_ > 0) {
      --left_;
      throw std::runtime_error{"not now"};
    }
  }

  std::function<void(int)> meanwhile; ///< done with each key

private:
  mutable std::atomic<int> left_{0};
};

/// The states after each batch whose output succeeded.
class watched_states {
public:
  void add(const rdd<count>& batch) {
    auto all = batch.collect();
    std::sort(all.begin(), all.end());
    seen_.change([&](auto& x) { x.push_back(all); });
  }
  std::vector<counts> get() const { return seen_.get(); }

private:
  test::awaited<std::vector<counts>> seen_;
};

auto with_one(const dstream<int>& numbers) {
  return numbers.map([](int k) { return std::pair{k, 1}; });
}

/// Adds to a state by either operator, whose function fails when told to.
dstream<count> add_up(const dstream<int>& numbers, const now_and_then& trouble, bool by_update) {
  if (by_update)
    return with_one(numbers).update_state_by_key(
      [&trouble](batch_time, const int& k, std::span<const int> values,
                 std::optional<long> before) -> std::optional<long> {
        trouble.pass(k);
        return before.value_or(0) + static_cast<long>(values.size());
      });
  return with_one(numbers)
    .map_with_state(state_spec([&trouble](const int& k, std::optional<int>, state<long>& n) {
      trouble.pass(k);
      n.update(n.get_option().value_or(0) + 1);
      return k;
    }))
    .state_snapshots();
}

} // namespace

TEST_SUITE("shelf.state_failures") {

  TEST_CASE("a task that fails half way and is tried again changes the state once") {
    for (bool by_update : {true, false}) {
      manual_context context;
      auto queue = all_keys(3);
      now_and_then trouble;
      watched_states states;
      add_up(context->queue_stream(queue), trouble, by_update).foreach_rdd([&](auto& batch) {
        states.add(batch);
        trouble.fail_next(3);
      });
      context->start();
      REQUIRE(context.tick(3));
      CHECK(states.get() == history{all_at(1), all_at(2), all_at(3)});
    }
  }

  TEST_CASE("a batch that is given up leaves the state as it was, and others go on") {
    for (bool by_update : {true, false}) {
      manual_context context;
      auto queue = all_keys(4);
      now_and_then trouble;
      watched_states states;
      add_up(context->queue_stream(queue), trouble, by_update).foreach_rdd([&](auto& batch) {
        states.add(batch);
      });
      trouble.fail_next(4); // all attempts of the first batch
      context->start();
      REQUIRE(context.tick(2));
      trouble.fail_next(4);
      REQUIRE(context.tick(1));
      REQUIRE(context.tick(1));
      CHECK(states.get() == history{all_at(1), all_at(2)});
      auto told = context.events().get();
      CHECK(contains(told.completed.at(2).output_operation_infos.at(0).failure_reason.value_or(""),
                     "not now"));
    }
  }

  TEST_CASE("a batch is undone too when its state was right and its output failed") {
    for (bool by_update : {true, false}) {
      manual_context context;
      auto queue = all_keys(3);
      now_and_then trouble;
      watched_states states;
      add_up(context->queue_stream(queue), trouble, by_update)
        .foreach_rdd([&, n = std::make_shared<int>(0)](auto& batch) {
          states.add(batch);
          if (++*n == 2)
            throw std::runtime_error{"this output fails"};
        });
      context->start();
      REQUIRE(context.tick(3));
      CHECK(states.get() == history{all_at(1), all_at(2), all_at(2)});
    }
  }

  TEST_CASE("pairs that a state begins with are there after a first batch that is given up") {
    manual_context context;
    auto queue = all_keys(2);
    now_and_then trouble;
    watched_states states;
    auto add = [&](batch_time, const int& k, std::span<const int> values,
                   std::optional<long> before) -> std::optional<long> {
      trouble.pass(k);
      return before.value_or(0) + static_cast<long>(values.size());
    };
    with_one(context->queue_stream(queue))
      .update_state_by_key(add, all_at(10))
      .foreach_rdd([&](auto& batch) { states.add(batch); });
    trouble.fail_next(4);
    context->start();
    REQUIRE(context.tick(2));
    CHECK(states.get() == history{all_at(11)});
  }

  TEST_CASE("nothing changes when everything that is sent is encoded") {
    for (bool by_update : {true, false}) {
      auto options = small_settings();
      options.encode_local = true;
      manual_context context{options};
      auto queue = all_keys(3);
      now_and_then trouble;
      watched_states states;
      add_up(context->queue_stream(queue), trouble, by_update).foreach_rdd([&](auto& batch) {
        states.add(batch);
        trouble.fail_next(2);
      });
      context->start();
      REQUIRE(context.tick(3));
      CHECK(states.get() == history{all_at(1), all_at(2), all_at(3)});
    }
  }

  TEST_CASE("workers that are killed lose no update and count none twice") {
    constexpr int batches = 30;
    for (bool by_update : {true, false}) {
      auto options = small_settings();
      options.default_partitions = 5;
      options.task.max_attempts = 1000; // a worker that is killed costs no batch here
      manual_context context{options};
      auto queue = all_keys(batches);
      now_and_then trouble;
      watched_states states;
      auto& shared = dynamic_cast<actors::actor_engine&>(*context->core()->engine).shared();
      std::atomic<int> to_kill{2};
      std::atomic<int> killed{0};
      auto kill = [&](int key) {
        if (key % 10 != 0 || to_kill-- <= 0)
          return;
        auto workers = shared.roles.in_role("partition_worker");
        if (!workers.empty()) {
          ++killed;
          caf::anon_send_exit(workers.front(), caf::exit_reason::kill);
        }
      };
      trouble.meanwhile = kill;
      auto numbers = context->queue_stream(queue).map([&](int k) {
        kill(k + 5);
        return k;
      });
      add_up(numbers, trouble, by_update).foreach_rdd([&](auto& batch) {
        states.add(batch);
        to_kill = 2;
      });
      context->start();
      REQUIRE(context.tick(batches));
      CHECK(killed > batches);
      std::vector<counts> expected;
      for (int i = 1; i <= batches; ++i)
        expected.push_back(all_at(i));
      CHECK(states.get() == expected);
    }
  }

} // TEST_SUITE
