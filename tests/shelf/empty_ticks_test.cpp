// slow
#include <atomic>

#include <malloc.h>

#include <doctest/doctest.h>

#include "caf_stream/testing.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

std::size_t allocated() { return mallinfo2().uordblks; }

} // namespace

TEST_SUITE("shelf.empty_ticks") {

  TEST_CASE("batches without records leave memory where it was") {
    constexpr std::size_t some = 2'000;
    constexpr std::size_t many = 20'000;
    testing::batch_driver driver{{}};
    auto& context = driver.context();
    rdd_queue<std::pair<int, int>> queue;
    auto stream = context.queue_stream(queue);
    auto sum = [](std::span<const int> values, std::optional<int> acc) -> std::optional<int> {
      return acc.value_or(0) + static_cast<int>(values.size());
    };
    std::atomic<std::size_t> batches{0};
    std::size_t before = 0;
    std::size_t after = 0;
    stream.window(10s, 2s).foreach_rdd([](const auto& batch) { batch.count(); });
    stream.reduce_by_key_and_window(std::plus{}, 5s).foreach_rdd([](const auto& batch) {
      batch.collect();
    });
    stream.reduce_by_key_and_window(std::plus{}, std::minus{}, 5s)
      .foreach_rdd([](const auto& batch) { batch.collect(); });
    stream.update_state_by_key(sum).foreach_rdd([&](const auto& batch) {
      batch.collect();
      if (++batches == some)
        before = allocated();
      else if (batches == many)
        after = allocated();
    });
    driver.run(many);
    // Less than four bytes a batch: what differs is what happens to be under way.
    CHECK(after < before + 4 * (many - some));
  }

  TEST_CASE("keys that come and go leave memory where it was") {
    constexpr int some = 2'000;
    constexpr int many = 10'000;
    constexpr int keys_a_batch = 100;
    testing::batch_driver driver{{}};
    auto& context = driver.context();
    rdd_queue<std::pair<int, int>> queue;
    auto stream = context.queue_stream(queue);
    auto last_seen = [](int, std::optional<int> value, state<int>& last) {
      if (!last.is_timing_out())
        last.update(*value);
      return 1;
    };
    auto only_fresh = [](std::span<const int> values, std::optional<int>) {
      return values.empty() ? std::optional<int>{} : std::optional{values[0]};
    };
    auto is_there = [](int, int count) { return count != 0; };
    std::atomic<std::int64_t> came_out{0};
    auto count = [&](auto&& records) {
      for ([[maybe_unused]] auto&& x : records)
        ++came_out;
    };
    stream.map_with_state(state_spec(last_seen).timeout(5s)).foreach_partition(count);
    stream.update_state_by_key(only_fresh).foreach_partition(count);
    stream.reduce_by_key_and_window(std::plus{}, std::minus{}, 5s, is_there)
      .foreach_partition(count);
    auto run_to = [&](int from, int to) {
      for (auto batch = from; batch < to; ++batch) {
        std::vector<std::pair<int, int>> records;
        for (auto i = 0; i < keys_a_batch; ++i)
          records.emplace_back(batch * keys_a_batch + i, 1);
        queue.push(context.make_rdd(std::move(records)));
        driver.run(1);
      }
      return allocated();
    };
    auto before = run_to(0, some);
    auto after = run_to(some, many);
    // Each key once with its state and once more when that times out, once in the states of its
    // batch, and in five windows.
    CHECK(came_out > 7 * keys_a_batch * (many - 10));
    // Less than half a byte a key.
    CHECK(after < before + (many - some) * keys_a_batch / 2);
  }

} // TEST_SUITE
