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

} // TEST_SUITE
