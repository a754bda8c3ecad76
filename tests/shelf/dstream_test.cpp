// Streams on the real engine: what is kept, what is combined, what comes from queues, and what
// happens when memory is used up.

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/numbers.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;
using test::thrown_by;

namespace {

using batches = std::vector<std::vector<int>>;

// Writes down the records of every batch.
std::shared_ptr<test::awaited<batches>> write_down(const dstream<int>& stream) {
  auto seen = std::make_shared<test::awaited<batches>>();
  stream.foreach_rdd([seen](const rdd<int>& batch) {
    auto records = batch.collect();
    seen->change([&](batches& all) { all.push_back(records); });
  });
  return seen;
}

rdd_queue<int> three_sets() {
  rdd_queue<int> queue;
  queue.push({1, 2});
  queue.push({3});
  queue.push({4, 5, 6});
  return queue;
}

// A kilobyte that knows its number.
struct kilobyte {
  std::int64_t number = 0;
  std::array<char, 1016> rest{};
};

class kilobytes : public receiver<kilobyte> {
public:
  explicit kilobytes(std::shared_ptr<test::number_source> source)
    : receiver(storage_level::memory_only), source_(std::move(source)) {}
  void on_start() override {
    thread_ = std::thread{[this] {
      while (!is_stopped())
        if (auto n = source_->next()) {
          if (!store(kilobyte{*n, {}}))
            source_->give_back(*n);
        } else {
          return;
        }
    }};
  }
  void on_stop() override { thread_.join(); }

private:
  std::shared_ptr<test::number_source> source_;
  std::thread thread_;
};

} // namespace

TEST_SUITE("shelf.dstream") {

  TEST_CASE("a persisted stream is computed once a batch, however many outputs read it") {
    manual_context context;
    auto queue = three_sets();
    std::atomic<int> calls{0};
    auto kept = context->queue_stream(queue)
                  .map([&](int x) {
                    ++calls;
                    return x;
                  })
                  .persist();
    auto doubled = write_down(kept.map([](int x) { return 2 * x; }));
    auto plain = write_down(kept);
    auto again = write_down(kept.filter([](int x) { return x > 1; }));
    context->start();
    REQUIRE(context.tick(3));
    CHECK(calls == 6);
    CHECK(plain->get() == batches{{1, 2}, {3}, {4, 5, 6}});
    CHECK(doubled->get() == batches{{2, 4}, {6}, {8, 10, 12}});
    CHECK(again->get() == batches{{2}, {3}, {4, 5, 6}});
  }

  TEST_CASE("a stream that is not persisted is computed for each output") {
    manual_context context;
    auto queue = three_sets();
    std::atomic<int> calls{0};
    auto stream = context->queue_stream(queue).map([&](int x) {
      ++calls;
      return x;
    });
    write_down(stream);
    write_down(stream);
    context->start();
    REQUIRE(context.tick(3));
    CHECK(calls == 12);
  }

  TEST_CASE("a data set persisted inside an output is computed once in it") {
    manual_context context;
    auto queue = three_sets();
    std::atomic<int> calls{0};
    context->queue_stream(queue).foreach_rdd([&](const rdd<int>& batch) {
      auto kept = batch
                    .map([&](int x) {
                      ++calls;
                      return x;
                    })
                    .persist();
      CHECK(kept.count() == kept.count());
      kept.collect();
    });
    context->start();
    REQUIRE(context.tick(3));
    CHECK(calls == 6);
  }

  TEST_CASE("what was persisted, by a stream or inside an output, does not outlive its batch") {
    manual_context context;
    auto& shared = dynamic_cast<actors::actor_engine&>(*context->core()->engine).shared();
    auto queue = three_sets();
    std::vector<lineage::dataset_ptr> sets;
    context->queue_stream(queue)
      .map([](int x) { return x; })
      .persist()
      .foreach_rdd([&](const rdd<int>& batch) {
        auto inside = batch.map([](int x) { return x; }).persist();
        inside.count();
        for (auto& set : {batch.dataset(), inside.dataset()}) {
          CHECK(shared.kept.complete(*set));
          sets.push_back(set);
        }
      });
    context->start();
    REQUIRE(context.tick(3));
    REQUIRE(sets.size() == 6);
    auto limit = std::chrono::steady_clock::now() + test::patience;
    auto all_gone = [&] {
      return std::none_of(sets.begin(), sets.end(),
                          [&](auto& set) { return shared.kept.complete(*set); });
    };
    while (!all_gone() && std::chrono::steady_clock::now() < limit)
      std::this_thread::yield();
    CHECK(all_gone());
  }

  TEST_CASE("a stream has the storage level that was said last") {
    manual_context context;
    auto queue = three_sets();
    auto stream = context->queue_stream(queue);
    stream.cache();
    CHECK(stream.node()->level() == storage_level::memory_only);
    stream.window(3s).persist(storage_level::disk_only);
    CHECK(stream.node()->level() == storage_level::disk_only);
    stream.persist(storage_level::memory_and_disk);
    CHECK(stream.node()->level() == storage_level::memory_and_disk);
  }

  TEST_CASE("streams are united, of one context only") {
    manual_context context, other;
    auto queue1 = three_sets();
    rdd_queue<int> queue2;
    queue2.push({10});
    auto a = context->queue_stream(queue1);
    auto b = context->queue_stream(queue2);
    auto c = other->queue_stream(queue2);
    CHECK(thrown_by([&] { a.union_with(c); }).first == errc::invalid_argument);
    CHECK(thrown_by([&] { context->union_all<int>({a, b, c}); }).first == errc::invalid_argument);
    CHECK(thrown_by([&] { context->union_all<int>({}); }).first == errc::invalid_argument);
    auto united = write_down(context->union_all<int>({a, b, a}));
    context->start();
    REQUIRE(context.tick(2));
    CHECK(united->get() == batches{{1, 2, 10, 1, 2}, {3, 3}});
  }

  TEST_CASE("two operators with one name are refused at the start, with both lines") {
    manual_context context;
    auto queue = three_sets();
    auto stream = context->queue_stream(queue);
    auto one = stream.map([](int x) { return x; }).named("same");
    auto two = stream.filter([](int) { return true; }).named("same");
    write_down(one);
    write_down(two);
    auto [code, text] = thrown_by([&] { context->start(); });
    CHECK(code == errc::invalid_graph);
    CHECK(contains(text, "map \"same\" at dstream_test.cpp:"));
    CHECK(contains(text, "filter \"same\" at dstream_test.cpp:"));
    CHECK(thrown_by([&] { stream.named(""); }).first != errc{0});
  }

  TEST_CASE("a queue gives one data set a batch, or all, or what stands in for none") {
    manual_context context;
    auto queue1 = three_sets(), queue2 = three_sets(), queue3 = three_sets();
    auto one_by_one = write_down(context->queue_stream(queue1));
    auto all = write_down(context->queue_stream(queue2, false));
    auto nothing = context->make_rdd(std::vector<int>{-1});
    auto with_default = write_down(context->queue_stream(queue3, false, nothing));
    context->start();
    REQUIRE(context.tick(4));
    CHECK(one_by_one->get() == batches{{1, 2}, {3}, {4, 5, 6}, {}});
    CHECK(all->get() == batches{{1, 2, 3, 4, 5, 6}, {}, {}, {}});
    CHECK(with_default->get() == batches{{1, 2, 3, 4, 5, 6}, {-1}, {-1}, {-1}});
  }

  TEST_CASE("a queue may hold data sets of the context and take more while it runs") {
    manual_context context;
    rdd_queue<int> queue;
    queue.push(context->make_rdd(std::vector<int>{1, 2, 3}, 3).map([](int x) { return 10 * x; }));
    auto seen = write_down(context->queue_stream(queue));
    context->start();
    REQUIRE(context.tick());
    queue.push({7});
    REQUIRE(context.tick());
    CHECK(seen->get() == batches{{10, 20, 30}, {7}});
  }

  TEST_CASE("batches that are remembered can be computed again as long as that") {
    manual_context context;
    context->remember(3s);
    auto source = std::make_shared<test::number_source>(0, 100);
    std::vector<rdd<test::numbered>> batches;
    test::awaited<std::vector<std::int64_t>> first_again;
    context->receiver_stream<test::number_receiver>(source).foreach_rdd(
      [&](const rdd<test::numbered>& batch) {
        for (auto& x : batch.collect())
          source->came_out(x.second, 1);
        batches.push_back(batch);
        std::int64_t again = -1;
        try {
          again = batches.front().count();
        } catch (const error&) {
          // its blocks are gone
        }
        first_again.change([again](auto& all) { all.push_back(again); });
      });
    context->start();
    while (source->handed_out() < 100)
      std::this_thread::yield();
    for (int i = 0; i < 8; ++i)
      REQUIRE(context.tick());
    auto counts = first_again.get();
    REQUIRE(counts.size() == 8);
    CHECK(counts[0] > 0);
    for (std::size_t i : {1, 2, 3})
      CHECK(counts[i] == counts[0]);
    CHECK(counts.back() == -1);
    batches.clear();
  }

  TEST_CASE("a receiver waits while its blocks fill the memory budget, and nothing is lost") {
    auto options = test::small_settings();
    options.memory_budget = 8_MiB;
    options.block_size = 1_MiB;
    manual_context context{options};
    constexpr std::int64_t total = 32 * 1024; // four times the budget
    auto source = std::make_shared<test::number_source>(0, total);
    test::gate door;
    context->receiver_stream<kilobytes>(source)
      .map([](const kilobyte& x) { return x.number; })
      .foreach_rdd([&](const rdd<std::int64_t>& batch) {
        door.wait();
        for (auto n : batch.collect())
          source->came_out(n, 1);
      });
    context->start();
    test::opens_at_end always{door};
    // Nothing is taken away: the receiver comes to a stand with about the budget handed out.
    std::int64_t before = -1, now = source->handed_out();
    for (int quiet = 0; quiet < 2000; ++quiet) {
      if (now != before)
        quiet = 0;
      before = now;
      std::this_thread::yield();
      now = source->handed_out();
    }
    CHECK(now < 13 * 1024);
    door.open();
    for (int i = 0; i < 1000 && source->wrong() != ""; ++i)
      REQUIRE(context.tick());
    CHECK(source->wrong() == "");
    CHECK(context.events().get().losses.empty());
    context->stop();
  }

  TEST_CASE("a stop of a context whose memory is used up comes to its end") {
    auto options = test::small_settings();
    options.memory_budget = 8_MiB;
    options.block_size = 1_MiB;
    streaming_context context{test::shared_system(), 20ms, options};
    auto source = std::make_shared<test::number_source>(0, 1'000'000'000);
    std::atomic<std::int64_t> records{0};
    std::atomic<std::int64_t> highest{-1};
    context.receiver_stream<kilobytes>(source)
      .map([](const kilobyte& x) { return x.number; })
      .foreach_rdd([&](const rdd<std::int64_t>& batch) {
        for (auto n : batch.collect()) {
          highest = std::max(highest.load(), n);
          source->came_out(n, 1);
          ++records;
        }
      });
    context.start();
    REQUIRE(source->wait_for_some(10 * 1024));
    context.stop();
    CHECK(records == highest + 1);
  }
}
