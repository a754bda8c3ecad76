#include <memory>
#include <numeric>

#include <doctest/doctest.h>

#include "caf_stream/testing.hpp"
#include "support/engine_shapes.hpp"

// Forms in which the same may be written.

using namespace caf_stream;
using namespace std::chrono_literals;
using test::on_all_shapes;
using test::sorted;
using testing::run_batches;

namespace {

using word_count = std::pair<std::string, int>;
using numbers = std::vector<std::vector<int>>;

} // namespace

TEST_SUITE("shelf.forms_of_calls") {

  TEST_CASE("streams, records and what is emitted in braces") {
    on_all_shapes([](auto& options) {
      auto merged = run_batches<int, int>(
        {{1}, {2}}, {{10}, {20}},
        [](auto a, auto b) {
          auto& context = a.context();
          auto all = context.union_all({a, b, a});
          auto sum = [](const std::vector<rdd<int>>& batches) {
            return batches[0].union_with(batches[1]);
          };
          return all.union_with(context.transform({a, b}, sum));
        },
        options);
      CHECK(sorted(merged) == numbers{{1, 1, 1, 10, 10}, {2, 2, 2, 20, 20}});
      auto emitted = run_batches<int>(
        {{1}},
        [](auto all) {
          return all.template flat_map<word_count>([](int x, auto emit) { emit({"a", x}); });
        },
        options);
      CHECK(emitted == std::vector<std::vector<word_count>>{{{"a", 1}}});
    });
    testing::batch_driver driver{{}};
    auto& context = driver.context();
    CHECK(context.make_rdd({1, 2, 3, 4}, 2).collect() == std::vector{1, 2, 3, 4});
    CHECK(context.make_rdd<word_count>({{"a", 1}}).collect() == std::vector<word_count>{{"a", 1}});
    rdd_queue<int> queue;
    queue.push({0, 0});
    rdd_queue<std::string_view> lines;
    lines.push(std::vector<std::string_view>{"a b"});
    auto zeros = testing::collect_batches(context.queue_stream(queue));
    auto words = testing::collect_batches(context.queue_stream(lines).flat_map(split_words));
    driver.run(1);
    CHECK(*zeros == numbers{{0, 0}});
    CHECK(*words == std::vector<std::vector<std::string>>{{"a", "b"}});
  }

  TEST_CASE("the records of a partition go through algorithms that take two iterators") {
    on_all_shapes([](auto& options) {
      auto sums = run_batches<int>(
        {{1, 2, 3}, {}},
        [](auto all) {
          return all.repartition(1).map_partitions([](auto records) {
            return std::vector{std::accumulate(records.begin(), records.end(), 0)};
          });
        },
        options);
      CHECK(sums == numbers{{6}, {0}});
      auto copies = run_batches<int>(
        {{1, 2}},
        [](auto all) {
          return all.map_partitions(
            [](auto records) { return std::vector<int>(records.begin(), records.end()); });
        },
        options);
      CHECK(sorted(copies) == numbers{{1, 2}});
    });
  }

  TEST_CASE("records that can only be moved are looked for") {
    testing::batch_driver driver{{}};
    rdd_queue<int> queue;
    queue.push({1});
    std::vector<bool> empty;
    driver.context()
      .queue_stream(queue)
      .map([](int x) { return std::make_unique<int>(x); })
      .foreach_rdd([&](const auto& batch) { empty.push_back(batch.is_empty()); });
    driver.run(2);
    CHECK(empty == std::vector{false, true});
  }

  TEST_CASE("the type of a state is said where the function does not tell it") {
    auto count = [step = std::make_unique<int>(2)](const auto&, const auto& value, auto& sum) {
      sum.update(sum.get_option().value_or(0) + value.value_or(0) * *step);
      return sum.get();
    };
    auto seen = run_batches<word_count>({{{"a", 1}, {"a", 2}}, {{"a", 3}}}, [&](auto pairs) {
      auto spec = state_spec(std::move(count)).timeout(10s).partitions(7);
      return pairs.template map_with_state<int>(std::move(spec), 1);
    });
    CHECK(seen == numbers{{2, 6}, {12}});
  }

  TEST_CASE("two samples of a batch take different records, and the same when it is read again") {
    testing::batch_driver driver{{}};
    std::vector<int> all(1000);
    std::iota(all.begin(), all.end(), 0);
    auto set = driver.context().make_rdd(all);
    auto first = set.sample(0.5);
    CHECK(first.collect() == first.collect());
    CHECK(first.collect() != set.sample(0.5).collect());
    CHECK(set.sample(0.5, 7).collect() == set.sample(0.5, 7).collect());
  }

} // TEST_SUITE
