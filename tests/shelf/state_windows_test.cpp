#include "caf_stream/testing.hpp"

#include <atomic>
#include <stdexcept>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"

// Windows look back at states that have moved on since.

using namespace caf_stream;
using namespace std::chrono_literals;
using test::on_all_shapes;
using test::sorted;

namespace {

using total = std::pair<int, int>;
using batches = std::vector<std::vector<total>>;

std::optional<int> add_up(std::span<const int> values, std::optional<int> before) {
  for (int x : values)
    before = before.value_or(0) + x;
  return before;
}

int add_one(const int&, std::optional<int> value, state<int>& sum) {
  sum.update(sum.get_option().value_or(0) + *value);
  return sum.get();
}

/// A record (1, 1) in each batch.
struct one_record_a_batch {
  explicit one_record_a_batch(std::size_t n) : ticks(n) {
    for (std::size_t i = 0; i < n; ++i)
      queue.push(std::vector<total>{{1, 1}});
  }

  void watch(const dstream<total>& result) {
    result.foreach_rdd(
      [this](auto& batch) { seen.change([&](auto& x) { x.push_back(batch.collect()); }); });
  }

  /// What was seen of the batches that did not fail, in their order.
  batches all() {
    context->start();
    CHECK(context.tick(ticks));
    return seen.get();
  }

  std::size_t ticks;
  test::manual_context context;
  rdd_queue<total> queue;
  dstream<total> stream = context->queue_stream(queue);
  test::awaited<batches> seen;
};

/// For transform: throws in one batch, the first being 1.
auto not_at(int number) {
  return [number](const rdd<total>& batch, batch_time t) {
    if (to_millis(t) == 1000 * number)
      throw std::runtime_error{"not now"};
    return batch;
  };
}

const batches inputs{{{1, 1}, {2, 5}}, {{1, 2}}, {}, {{2, 1}}};

} // namespace

TEST_SUITE("shelf.state_windows") {

  // Only the window asks for them.
  TEST_CASE("a window of snapshots has the states as each of its batches left them") {
    on_all_shapes([](auto& options) {
      auto seen = testing::run_batches<total>(
        inputs,
        [](auto pairs) {
          return pairs.map_with_state(state_spec(add_one)).state_snapshots().window(2s);
        },
        options);
      CHECK(sorted(seen) == batches{{{1, 1}, {2, 5}},
                                    {{1, 1}, {1, 3}, {2, 5}, {2, 5}},
                                    {{1, 3}, {1, 3}, {2, 5}, {2, 5}},
                                    {{1, 3}, {1, 3}, {2, 5}, {2, 6}}});
    });
  }

  TEST_CASE("a window that slides by several batches has each state of its length") {
    on_all_shapes([](auto& options) {
      auto of = [&](duration length, duration slide) {
        return sorted(testing::run_batches<total>(
          inputs,
          [&](auto pairs) { return pairs.update_state_by_key(add_up).window(length, slide); },
          options));
      };
      CHECK(of(4s, 2s) ==
            batches{{{1, 1}, {1, 3}, {2, 5}, {2, 5}},
                    {{1, 1}, {1, 3}, {1, 3}, {1, 3}, {2, 5}, {2, 5}, {2, 5}, {2, 6}}});
      CHECK(of(1s, 3s) == batches{{{1, 3}, {2, 5}}}); // those between are skipped, and counted
    });
  }

  TEST_CASE("sums over windows of states, and states of sums over windows") {
    on_all_shapes([](auto& options) {
      auto sums = testing::run_batches<total>(
        inputs,
        [](auto pairs) {
          return pairs.update_state_by_key(add_up).reduce_by_key_and_window(std::plus{}, 2s);
        },
        options);
      CHECK(sorted(sums) ==
            batches{{{1, 1}, {2, 5}}, {{1, 4}, {2, 10}}, {{1, 6}, {2, 10}}, {{1, 6}, {2, 11}}});
      auto states = testing::run_batches<total>(
        inputs,
        [](auto pairs) {
          return pairs.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s)
            .update_state_by_key(add_up);
        },
        options);
      CHECK(sorted(states) ==
            batches{{{1, 1}, {2, 5}}, {{1, 4}, {2, 10}}, {{1, 6}, {2, 10}}, {{1, 6}, {2, 11}}});
    });
  }

  TEST_CASE("windows and states that are asked for less often than they slide have each batch") {
    batches all;
    for (int i = 1; i <= 8; ++i)
      all.push_back({{1, i}});
    on_all_shapes([&](auto& options) {
      auto sums = sorted(testing::run_batches<total>(
        all,
        [](auto pairs) { return pairs.reduce_by_key_and_window(std::plus{}, 1s).window(1s, 4s); },
        options));
      CHECK(sums == batches{{{1, 4}}, {{1, 8}}});
      auto staying = sorted(testing::run_batches<total>(
        {{{2, 1}}, {}, {}, {{1, 4}}},
        [](auto pairs) {
          return pairs.reduce_by_key_and_window(std::plus{}, std::minus{}, 1s).window(1s, 4s);
        },
        options));
      CHECK(staying == batches{{{1, 4}, {2, 0}}});
      // Another output has moved the first state on.
      testing::batch_driver driver{options};
      auto pairs =
        testing::stream_of<total>(driver.context(), all, all.size(), options.input_partitions);
      auto first = pairs.update_state_by_key(add_up);
      auto each = testing::collect_batches(first);
      auto of_state = testing::collect_batches(first.update_state_by_key(add_up).window(1s, 4s));
      auto of_window =
        testing::collect_batches(first.reduce_by_key_and_window(std::plus{}, 2s).window(2s, 4s));
      driver.run(all.size());
      CHECK(each->back() == std::vector<total>{{1, 36}});
      // 1, 3, 6, 10, 15, 21, 28, 36
      CHECK(*of_state == batches{{{1, 20}}, {{1, 120}}});
      CHECK(sorted(*of_window) == batches{{{1, 9}, {1, 16}}, {{1, 49}, {1, 64}}});
    });
  }

  TEST_CASE("a window is without the states of a batch that was given up, and goes on") {
    test::manual_context context;
    rdd_queue<total> queue;
    for (int i = 0; i < 4; ++i)
      queue.push(std::vector<total>{{1, 1}});
    std::atomic<int> calls{0};
    test::awaited<batches> seen;
    context->queue_stream(queue)
      .map_values([&calls](int x) {
        // The second batch, each time it is tried.
        if (auto n = ++calls; n >= 2 && n <= 5)
          throw std::runtime_error{"not now"};
        return x;
      })
      .update_state_by_key(add_up)
      .window(2s)
      .foreach_rdd(
        [&](auto& batch) { seen.change([&](auto& x) { x.push_back(batch.collect()); }); });
    context->start();
    REQUIRE(context.tick(4));
    CHECK(seen.get() == batches{{{1, 1}}, {{1, 2}}, {{1, 2}, {1, 3}}});
    CHECK(context.events().get().completed.size() == 4);
  }

  TEST_CASE("a window of snapshots is without those of a batch that was given up") {
    one_record_a_batch run{4};
    std::atomic<int> calls{0};
    auto mapped = run.stream
                    .map_values([&calls](int x) {
                      if (auto n = ++calls; n >= 2 && n <= 5)
                        throw std::runtime_error{"not now"};
                      return x;
                    })
                    .map_with_state(state_spec(add_one));
    mapped.foreach_rdd([](auto& batch) { batch.count(); });
    run.watch(mapped.state_snapshots().window(2s));
    CHECK(run.all() == batches{{{1, 1}}, {{1, 2}}, {{1, 2}, {1, 3}}});
  }

  TEST_CASE("windows leave out a batch that could not be made, and take all others once") {
    auto reduced = [](auto stream) { return stream.reduce_by_key_and_window(std::plus{}, 3s); };
    auto inverse = [](auto stream) {
      return stream.reduce_by_key_and_window(std::plus{}, std::minus{}, 3s);
    };
    auto counted = [](auto stream) {
      return stream.count_by_window(3s, 1s).map([](std::int64_t n) {
        return total{1, static_cast<int>(n)};
      });
    };
    auto check = [](auto window_of) {
      one_record_a_batch run{5};
      run.watch(window_of(run.stream.transform(not_at(2))));
      CHECK(run.all() == batches{{{1, 1}}, {{1, 2}}, {{1, 2}}, {{1, 3}}});
    };
    check(reduced);
    check(inverse);
    check(counted);
  }

  TEST_CASE("a state that nobody asked for in a batch that was given up passes over it") {
    one_record_a_batch run{4};
    auto state = run.stream.update_state_by_key(add_up);
    run.watch(
      run.stream.transform(not_at(2)).filter([](const total&) { return false; }).union_with(state));
    CHECK(run.all() == batches{{{1, 1}}, {{1, 2}}, {{1, 3}}});
  }

  TEST_CASE("nobody looks back at states that were undone since an output failed") {
    one_record_a_batch run{4};
    auto state = run.stream.update_state_by_key(add_up);
    run.watch(state.map_values([](int x) { return x; }).window(2s));
    run.stream.transform(not_at(2)).foreach_rdd([](auto& batch) { batch.count(); });
    // The window of the second batch is seen before another output fails.
    CHECK(run.all() == batches{{{1, 1}}, {{1, 1}, {1, 2}}, {{1, 2}}, {{1, 2}, {1, 3}}});
  }

} // TEST_SUITE
