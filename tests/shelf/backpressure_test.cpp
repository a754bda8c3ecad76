// Backpressure on the real engine: how the rate of a receiver follows the speed of its batches.
// Batches take the time by which the output moves the manual clock. A rate counts in real time, in
// which a slow machine can only be slower: so tests say at least how long records take, and at most
// only where that is far from what the other rate would take.

#include <future>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;

namespace {

using real_time = std::chrono::steady_clock;

class idle;
using idle_slot = test::awaited<idle*>;

// Stores what the test wants it to.
class idle : public receiver<int> {
public:
  explicit idle(std::shared_ptr<idle_slot> slot)
    : receiver(storage_level::memory_only), slot_(std::move(slot)) {}

  void on_start() override {
    slot_->change([this](idle*& self) { self = this; });
  }
  void on_stop() override {}

private:
  std::shared_ptr<idle_slot> slot_;
};

// A context with such a receiver, and an output that takes `processing` on the manual clock.
class slow_context {
public:
  slow_context(const settings& options, duration processing) : context_(options) {
    context_->receiver_stream<idle>(slot_).foreach_rdd([this, processing](const rdd<int>& batch) {
      counts_.change([&](auto& all) { all.push_back(batch.count()); });
      context_.clock().advance(processing);
    });
    context_->start();
    REQUIRE(slot_->wait([](idle* self) { return self != nullptr; }));
  }

  ~slow_context() { context_->stop(); }

  // How long the receiver takes to store `n` records, one by one, from a thread of its own.
  real_time::duration time_to_store(int n) {
    return std::async(std::launch::async,
                      [self = slot_->get(), n] {
                        auto before = real_time::now();
                        for (int i = 0; i < n; ++i)
                          if (!self->store(i))
                            throw std::runtime_error{"a record was refused"};
                        return real_time::now() - before;
                      })
      .get();
  }

  void tick() { REQUIRE(context_.tick()); }

  // A batch of `n` records.
  void batch_of(int n) {
    time_to_store(n);
    tick();
    REQUIRE(counts_.get().back() == n);
  }

private:
  std::shared_ptr<idle_slot> slot_ = std::make_shared<idle_slot>();
  test::awaited<std::vector<std::int64_t>> counts_;
  manual_context context_;
};

settings with_backpressure(std::optional<std::int64_t> initial_rate) {
  auto result = test::small_settings();
  result.backpressure.enabled = true;
  result.backpressure.initial_rate = initial_rate;
  result.backpressure.pid.min_rate = 20;
  return result;
}

// 11 records at 20 a second: the first passes at once.
constexpr auto eleven_at_20 = 490ms;

} // namespace

TEST_SUITE("shelf.backpressure") {

  TEST_CASE("behind a slow output the rate falls, to the least rate at the lowest") {
    slow_context run{with_backpressure(1'000'000), 400ms};
    run.batch_of(200); // processed at 500 records a second
    run.batch_of(2);   // at 5
    // The rate is set soon after the batch; from then on it stays.
    auto deadline = real_time::now() + test::patience;
    while (run.time_to_store(11) < eleven_at_20 && real_time::now() < deadline) {
    }
    for (int i = 0; i < 3; ++i)
      CHECK(run.time_to_store(11) >= eleven_at_20);
  }

  TEST_CASE("the initial rate bounds the first batch, and fast batches lift it") {
    slow_context run{with_backpressure(20), 1ms};
    CHECK(run.time_to_store(11) >= eleven_at_20);
    run.tick();
    for (int i = 0; i < 2; ++i)
      run.batch_of(2);                   // processed at 2000 records a second
    CHECK(run.time_to_store(400) < 10s); // 20 s at 20 a second
  }

  TEST_CASE("no estimate lifts the rate above the receiver's maximum") {
    auto options = with_backpressure(std::nullopt);
    options.receiver.max_rate = 20;
    slow_context run{options, 1ms};
    for (int i = 0; i < 3; ++i)
      run.batch_of(2);
    for (int i = 0; i < 3; ++i)
      CHECK(run.time_to_store(11) >= eleven_at_20);
  }

  TEST_CASE("without backpressure neither the initial rate nor an estimate bounds anything") {
    auto options = with_backpressure(20);
    options.backpressure.enabled = false;
    slow_context run{options, 400ms};
    run.batch_of(200);
    run.batch_of(2);
    CHECK(run.time_to_store(1000) < 40s); // 50 s at 20 a second
  }
}
