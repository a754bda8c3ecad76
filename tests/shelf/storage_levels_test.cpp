// Every storage level gives the same records, whatever the memory budget; they differ in what
// waits, what is written to disk and what is computed again.

#include <atomic>
#include <filesystem>
#include <map>
#include <numeric>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/block_feed.hpp"
#include "support/engine.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using enum storage_level;
using test::block_feed;
using test::block_receiver;
using test::thrown_by;

namespace {

constexpr storage_level all_levels[] = {
  memory_only,       memory_only_2,       memory_only_ser,       memory_only_ser_2, memory_and_disk,
  memory_and_disk_2, memory_and_disk_ser, memory_and_disk_ser_2, disk_only,         disk_only_2,
};

settings tiny(const test::temp_folder& spill_dir) {
  auto result = test::small_settings();
  result.block_size = 32_KiB;
  result.memory_budget = 256_KiB;
  result.spill_limit = 64_MiB;
  result.spill_dir = spill_dir.path();
  return result;
}

std::size_t spilled_files(const test::temp_folder& spill_dir) {
  std::size_t n = 0;
  for (auto& entry : std::filesystem::recursive_directory_iterator{spill_dir.path()})
    n += entry.path().extension() == ".spill" ? 1 : 0;
  return n;
}

struct plain {
  int x = 0;
  std::string text;
};

class plain_receiver : public receiver<plain> {
public:
  explicit plain_receiver(std::shared_ptr<block_feed> feed)
    : receiver(memory_and_disk), feed_(std::move(feed)) {}

  void on_start() override {
    thread_ = std::thread{[this] {
      for (std::int64_t i = 0; i < feed_->blocks; ++i) {
        store(std::vector<plain>(static_cast<std::size_t>(feed_->records),
                                 plain{1, std::string(feed_->size, 'x')}));
        feed_->stored.change([](std::int64_t& n) { ++n; });
      }
    }};
  }
  void on_stop() override { thread_.join(); }

private:
  std::shared_ptr<block_feed> feed_;
  std::thread thread_;
};

std::size_t footprint(const plain& x) { return sizeof x + x.text.capacity(); }

} // namespace

TEST_SUITE("shelf.storage_levels") {

  TEST_CASE("receivers' blocks beyond the budget wait or go to disk, and every record comes once") {
    for (auto level : all_levels) {
      CAPTURE(to_string(level));
      test::temp_folder spill_dir;
      auto feed = std::make_shared<block_feed>();
      feed->blocks = 80;
      feed->records = 200;
      feed->size = 120; // 2 MB in all
      std::map<std::int64_t, int> seen;
      test::gate first_batch;
      {
        test::manual_context context{tiny(spill_dir)};
        context->receiver_stream<block_receiver>(feed, level)
          .foreach_rdd([&](const rdd<std::string>& batch) {
            if (!uses_disk(level))
              first_batch.open();
            first_batch.wait();
            for (auto& record : batch.collect())
              ++seen[test::number_of(record)];
          });
        context->start();
        context.clock().advance(1s);
        if (uses_disk(level)) {
          // The output waits, so all of it must be somewhere.
          CHECK(feed->wait_for_stored(feed->blocks));
          CHECK(spilled_files(spill_dir) > 20);
          first_batch.open();
        }
        while (feed->stored.get() < feed->blocks)
          REQUIRE(context.tick());
        REQUIRE(context.tick(2));
        if (!uses_disk(level))
          CHECK(spilled_files(spill_dir) == 0);
        context->stop();
      }
      CHECK(seen.size() == static_cast<std::size_t>(feed->total()));
      CHECK(std::all_of(seen.begin(), seen.end(), [](auto& x) { return x.second == 1; }));
      CHECK(std::filesystem::is_empty(spill_dir.path()));
    }
  }

  TEST_CASE("records without an encoding do not go to disk: the receiver waits") {
    test::temp_folder spill_dir;
    auto feed = std::make_shared<block_feed>();
    feed->blocks = 40;
    feed->records = 100;
    feed->size = 200;
    std::atomic<std::int64_t> seen = 0;
    test::manual_context context{tiny(spill_dir)};
    context->receiver_stream<plain_receiver>(feed).foreach_rdd(
      [&](const rdd<plain>& batch) { seen += batch.count(); });
    context->start();
    REQUIRE(feed->wait_for_stored(5));
    CHECK(feed->stored.get() < feed->blocks);
    while (feed->stored.get() < feed->blocks)
      REQUIRE(context.tick());
    REQUIRE(context.tick(2));
    CHECK(seen == feed->total());
    CHECK(spilled_files(spill_dir) == 0);
  }

  TEST_CASE("persisted partitions give the same records at every level") {
    for (auto level : all_levels) {
      CAPTURE(to_string(level));
      test::temp_folder spill_dir;
      test::manual_context context{tiny(spill_dir)};
      std::vector<int> numbers(16'000);
      std::iota(numbers.begin(), numbers.end(), 0);
      std::atomic<std::int64_t> computed = 0;
      auto kept = context->make_rdd(numbers, 16)
                    .map([&computed](int x) {
                      ++computed;
                      return test::long_record(x, 100);
                    })
                    .persist(level);
      auto sum = [&] {
        return kept.map([](const std::string& x) { return test::number_of(x); })
          .reduce(std::plus{});
      };
      for (int i = 0; i < 3; ++i) {
        CHECK(sum() == 16'000LL * 15'999 / 2);
        CHECK(kept.count() == 16'000);
      }
      // 1.6 MB do not fit: on disk they do, in memory alone some are computed again each time.
      if (uses_disk(level)) {
        CHECK(computed == 16'000);
        CHECK(spilled_files(spill_dir) > 0);
      } else {
        CHECK(computed > 16'000);
        CHECK(spilled_files(spill_dir) == 0);
      }
      computed = 0;
      kept.unpersist();
      CHECK(sum() == 16'000LL * 15'999 / 2);
      CHECK(computed == 16'000);
      CHECK(kept.count() == 16'000);
      CHECK(computed == 32'000);
    }
  }

  TEST_CASE("unpersist forgets at once what is kept, and only that") {
    test::manual_context context;
    std::atomic<int> computed = 0;
    auto counted = [&computed](int x) {
      ++computed;
      return x;
    };
    auto first = context->make_rdd(std::vector<int>{1, 2, 3}, 2).map(counted).persist();
    auto second = first.map(counted).persist();
    CHECK(second.count() == 3);
    CHECK(computed == 6);
    CHECK(second.count() == 3);
    CHECK(computed == 6);
    second.unpersist();
    CHECK(second.count() == 3);
    CHECK(computed == 9); // of the first, which is kept
    first.unpersist();
    first.unpersist();
    CHECK(second.count() == 3);
    CHECK(computed == 15);
    // Another persist is another data set.
    auto third = second.persist();
    CHECK(third.count() == 3);
    CHECK(third.count() == 3);
    CHECK(computed == 21);
    auto never = context->make_rdd(std::vector<int>{1, 2, 3}, 2);
    CHECK_NOTHROW(never.unpersist());
    CHECK(never.unpersist().count() == 3);
  }

  TEST_CASE("a batch's data set can be unpersisted while the batch runs") {
    test::manual_context context;
    rdd_queue<int> queue;
    queue.push({1, 2, 3});
    queue.push({4});
    std::atomic<int> computed = 0;
    auto stream = context->queue_stream(queue).map([&computed](int x) {
      ++computed;
      return x;
    });
    stream.persist();
    std::vector<std::int64_t> counts;
    stream.foreach_rdd([&](const rdd<int>& batch) {
      counts.push_back(batch.count());
      counts.push_back(batch.count());
      batch.unpersist();
      counts.push_back(batch.count());
    });
    context->start();
    REQUIRE(context.tick(2));
    CHECK(counts == std::vector<std::int64_t>{3, 3, 3, 1, 1, 1});
    CHECK(computed == 8);
  }

  TEST_CASE("a spill-dir that cannot be made is refused") {
    auto options = test::small_settings();
    options.spill_dir = "/proc/none";
    auto [code, text] = thrown_by([&] { test::manual_context context{options}; });
    CHECK(code == errc::invalid_setting);
    CHECK(test::contains(text, "spill-dir: cannot create the folder /proc/none"));
  }

} // TEST_SUITE
