#include "caf_stream/testing.hpp"

#include <atomic>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"

// Broadcasts on the real engine.

using namespace caf_stream;
using caf_stream::testing::batch_driver;
using caf_stream::testing::run_batches;
using caf_stream::testing::run_options;
using caf_stream::testing::stream_of;
using test::on_all_shapes;

namespace {

const std::vector<std::vector<int>> ones{{1, 1}, {1}, {1, 1, 1}};

} // namespace

TEST_SUITE("shelf.broadcast") {

  TEST_CASE("an update inside of a batch counts from the next batch on, in tasks and the driver") {
    on_all_shapes([](auto options) {
      std::vector<int> on_driver;
      auto result = run_batches<int>(
        ones,
        [&](auto s) {
          auto factor = s.context().broadcast(1);
          auto multiplied = s.map([factor](int x) { return x * factor.value(); });
          s.foreach_rdd([factor](const rdd<int>&) { factor.update(factor.value() * 10); });
          s.foreach_rdd(
            [factor, &on_driver](const rdd<int>&) { on_driver.push_back(factor.value()); });
          return multiplied;
        },
        options);
      CHECK(result == std::vector<std::vector<int>>{{1, 1}, {10}, {100, 100, 100}});
      CHECK(on_driver == std::vector<int>{1, 10, 100});
    });
  }

  TEST_CASE("an update between batches counts for the next one, and outside at once") {
    test::manual_context context;
    rdd_queue<int> queue;
    for (auto& batch : ones)
      queue.push(batch);
    auto name = context->broadcast(std::string{"a"});
    test::awaited<std::vector<std::string>> seen;
    context->queue_stream(queue)
      .map([name](int) { return name.value(); })
      .foreach_rdd([&seen](const rdd<std::string>& batch) {
        auto first = batch.first();
        seen.change([&](auto& all) { all.push_back(first); });
      });
    context->start();
    REQUIRE(context.tick());
    name.update("b");
    CHECK(name.value() == "b");
    REQUIRE(context.tick());
    name.update("c");
    name.update("d");
    REQUIRE(context.tick());
    CHECK(seen.get() == std::vector<std::string>{"a", "b", "d"});
  }

  TEST_CASE("a task that runs again sees the value that its batch began with") {
    batch_driver driver{{}};
    auto value = driver.context().broadcast(7);
    std::atomic<int> attempts{0};
    auto sums = caf_stream::testing::collect_batches(
      stream_of<int>(driver.context(), {{1}, {1}}, 2, 1).map([value, &attempts](int x) {
        auto before = value.value();
        if (++attempts == 1) {
          value.update(8);
          throw std::runtime_error{"not yet"};
        }
        return x + before;
      }));
    driver.run(2);
    CHECK(attempts == 3);
    CHECK(*sums == std::vector<std::vector<int>>{{8}, {9}});
  }

  TEST_CASE("a data set made outside of batches sees the batch's value in jobs of the batch") {
    batch_driver driver{{}};
    auto& context = driver.context();
    auto factor = context.broadcast(1);
    auto scaled =
      context.make_rdd(std::vector<int>{1, 2}).map([factor](int x) { return x * factor.value(); });
    std::vector<std::vector<int>> seen;
    stream_of<int>(context, ones, 3, 2).foreach_rdd([&](const rdd<int>&) {
      factor.update(factor.value() + 1);
      seen.push_back(scaled.collect());
    });
    CHECK(scaled.collect() == std::vector<int>{1, 2});
    driver.run(3);
    CHECK(seen == std::vector<std::vector<int>>{{1, 2}, {2, 4}, {3, 6}});
    CHECK(scaled.collect() == std::vector<int>{4, 8});
  }

  TEST_CASE("a stream joins a table that changes from batch to batch") {
    using table = std::map<std::string, std::string>;
    on_all_shapes([](auto options) {
      auto result = run_batches<std::string>(
        {{"ann", "bob"}, {"bob"}},
        [](auto s) {
          auto towns = s.context().broadcast(table{{"ann", "Oslo"}});
          s.foreach_rdd([towns](const rdd<std::string>&) { towns.update(table{{"bob", "Rome"}}); });
          return s.template flat_map<std::string>([towns](const std::string& name, auto& emit) {
            if (auto i = towns.value().find(name); i != towns.value().end())
              emit(name + " in " + i->second);
          });
        },
        options);
      CHECK(result == std::vector<std::vector<std::string>>{{"ann in Oslo"}, {"bob in Rome"}});
    });
  }

  TEST_CASE("old values are not kept, however often there is a new one") {
    struct counted {
      explicit counted(std::shared_ptr<int> token) : shared(std::move(token)) {}
      std::shared_ptr<int> shared;
    };
    auto token = std::make_shared<int>(0);
    batch_driver driver{{}};
    auto value = driver.context().broadcast(counted{token});
    stream_of<int>(driver.context(), {}, 300, 2).foreach_rdd([value, &token](const rdd<int>&) {
      value.update(counted{token});
    });
    driver.run(300);
    CHECK(token.use_count() < 10);
  }

} // TEST_SUITE
