// slow
// Backpressure in real time: a receiver at full speed in front of a sink that takes 2 ms a record.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/config.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/events.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

// Records of 500 bytes: much smaller batches would be one task.
class full_speed : public receiver<std::string> {
public:
  void on_start() override {
    thread_ = std::thread{[this] {
      while (store(std::string(500, 'x'))) {
      }
    }};
  }
  void on_stop() override { thread_.join(); }

private:
  std::thread thread_;
};

// What the sink can take, as it was measured inside it: a wait of 2 ms takes a little longer, on a
// machine that is busy much longer.
class slow_sink {
public:
  void take(std::string_view) {
    auto before = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(2ms);
    nanoseconds_ += (std::chrono::steady_clock::now() - before).count();
    ++records_;
  }

  std::int64_t records() const { return records_; }

  // Records a second, where `tasks` run at the same time.
  double capacity(std::size_t tasks) const {
    return 1e9 * static_cast<double>(tasks) * static_cast<double>(records_) /
           static_cast<double>(nanoseconds_);
  }

private:
  std::atomic<std::int64_t> records_{0};
  std::atomic<std::int64_t> nanoseconds_{0};
};

template <class F>
double median(const std::vector<batch_info>& batches, std::size_t first, std::size_t last,
              F value) {
  std::vector<double> all;
  for (auto i = first; i < last; ++i)
    all.push_back(static_cast<double>(value(batches.at(i))));
  auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

} // namespace

TEST_SUITE("shelf.backpressure_settles") {

  TEST_CASE("after 20 batches the rate is that of the sink, and the delay has fallen") {
    constexpr auto interval = 200ms;
    constexpr std::size_t tasks = 2;
    constexpr std::int64_t initial_rate = 2000; // twice what the sink takes
    slow_sink sink;
    config cfg;
    cfg.stream.workers = tasks;
    cfg.stream.block_interval = 20ms;
    cfg.stream.backpressure.enabled = true;
    cfg.stream.backpressure.initial_rate = initial_rate;
    cfg.stream.log_level = log::level::off;
    auto events = std::make_shared<test::recorder>();
    streaming_context context{cfg, interval};
    context.add_listener(events);
    test::awaited<std::map<batch_time, std::size_t>> tasks_of;
    context.receiver_stream<full_speed>().foreach_partition([&](auto records, const output_id& id) {
      tasks_of.change([&](auto& all) { ++all[id.batch_time]; });
      for (auto& x : records)
        sink.take(x);
    });
    context.start();
    REQUIRE(events->wait([](auto& told) { return told.completed.size() >= 40; }, 60s));
    context.stop({.gracefully = false});
    auto batches = events->get().completed;
    for (std::size_t i = 20; i < 40; ++i)
      CHECK(tasks_of.get()[batches.at(i).batch_time] == tasks); // which the capacity counts with
    auto records = [](const batch_info& x) { return x.num_records; };
    auto delay = [](const batch_info& x) { return x.total_delay.value().count(); };
    // Bounded from the first batch on: by what the initial rate lets pass in an interval, a second
    // one for a machine that ticks late, and nothing like what the receiver could store.
    auto bound =
      static_cast<double>(initial_rate) * 2 * std::chrono::duration<double>{interval}.count();
    CHECK(static_cast<double>(batches.at(0).num_records) <= bound);
    auto capacity = sink.capacity(tasks) * std::chrono::duration<double>{interval}.count();
    auto settled = median(batches, 20, 40, records);
    auto begin = median(batches, 1, 6, delay);
    auto end = median(batches, 20, 40, delay);
    MESSAGE("records a batch: first ", batches.at(0).num_records, ", settled ", settled,
            ", capacity ", capacity, "; total delay ", begin, " ms, then ", end, " ms");
    CHECK(settled > 0.8 * capacity);
    CHECK(settled < 1.2 * capacity);
    CHECK(end < begin);
    CHECK(end < 2.0 * static_cast<double>(interval.count()));
  }
}
