#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/temp_folder.hpp"

// The whole API of rdd on the real engine, on a context that has not started: lazily, by lineage.

using namespace caf_stream;
using test::manual_context;
using test::small_settings;

namespace {

template <class F>
void on_all_shapes(F f) {
  for (std::size_t workers : {1u, 2u, 5u})
    for (std::uint32_t partitions : {1u, 2u, 7u}) {
      CAPTURE(workers);
      CAPTURE(partitions);
      auto options = small_settings();
      options.workers = workers;
      options.default_partitions = partitions;
      manual_context context{options};
      f(*context, partitions);
      CHECK(context->state() == context_state::initialized);
    }
}

template <class T>
std::vector<T> sorted(std::vector<T> records) {
  std::sort(records.begin(), records.end());
  return records;
}

std::vector<int> up_to(int n) {
  std::vector<int> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

using pair = std::pair<std::string, int>;

const std::vector<pair> scores{{"ann", 3}, {"bob", 1}, {"ann", 2}, {"eve", 5}};

} // namespace

TEST_SUITE("shelf.rdd_outside") {

  TEST_CASE("transformations of records") {
    on_all_shapes([](streaming_context& context, std::uint32_t n) {
      auto numbers = context.make_rdd(up_to(100));
      CHECK(numbers.partitions() == n);
      CHECK(context.make_rdd(up_to(10), 3).partitions() == 3);
      auto opposite = [](int x) { return -x; };
      auto down = up_to(100);
      std::reverse(down.begin(), down.end());
      CHECK(numbers.sort_by(opposite).collect() == down);
      CHECK(numbers.sort_by(opposite, false, 3).collect() == up_to(100));
      auto digits = numbers.map([](int x) { return x % 10; });
      CHECK(sorted(digits.distinct().collect()) == up_to(10));
      CHECK(sorted(digits.distinct().subtract(context.make_rdd(up_to(8))).collect()) ==
            std::vector<int>{8, 9});
      CHECK(sorted(digits.intersection(context.make_rdd(std::vector<int>{3, 12, 3})).collect()) ==
            std::vector<int>{3});
      CHECK(numbers.sample(0.5, 1).collect() == numbers.sample(0.5, 1).collect());
      auto numbered = numbers.filter([](int x) { return x % 2 == 1; }).zip_with_index().collect();
      REQUIRE(numbered.size() == 50);
      CHECK(numbered[49] == std::pair{99, std::int64_t{49}});
      auto product = numbers.persist().cartesian(context.make_rdd(up_to(3), 2).persist());
      CHECK(product.partitions() == 2 * n);
      CHECK(product.count() == 300);
      CHECK(product.count() == 300);
      CHECK(numbers.glom().count() == n);
      CHECK(numbers.union_with(numbers).repartition(4).count() == 200);
    });
  }

  TEST_CASE("transformations of pairs") {
    on_all_shapes([](streaming_context& context, std::uint32_t) {
      auto left = context.make_rdd(scores);
      auto right = context.make_rdd(
        std::vector<std::pair<std::string_view, double>>{{"ann", 0.5}, {"bob", 1.5}, {"zoe", 2}});
      CHECK(sorted(left.join(right).collect()) ==
            std::vector<std::pair<std::string, std::pair<int, double>>>{
              {"ann", {2, 0.5}}, {"ann", {3, 0.5}}, {"bob", {1, 1.5}}});
      CHECK(left.left_outer_join(right).count() == 4);
      CHECK(left.right_outer_join(right).count() == 4);
      CHECK(left.full_outer_join(right).count() == 5);
      CHECK(left.cogroup(right).count() == 4);
      CHECK(left.subtract_by_key(right).collect() == std::vector<pair>{{"eve", 5}});
      CHECK(sorted(left.reduce_by_key(std::plus{}).collect()) ==
            std::vector<pair>{{"ann", 5}, {"bob", 1}, {"eve", 5}});
      CHECK(
        sorted(left.group_by_key().map_values([](auto& v) { return int(v.size()); }).collect()) ==
        std::vector<pair>{{"ann", 2}, {"bob", 1}, {"eve", 1}});
      auto largest = [](int a, int b) { return std::max(a, b); };
      CHECK(sorted(left.combine_by_key([](int x) { return x; }, largest, largest).collect()) ==
            std::vector<pair>{{"ann", 3}, {"bob", 1}, {"eve", 5}});
      auto repeated =
        left.flat_map_values([](int n) { return std::vector<int>(std::size_t(n), n); });
      CHECK(repeated.count() == 11);
    });
  }

  TEST_CASE("actions") {
    on_all_shapes([](streaming_context& context, std::uint32_t n) {
      auto numbers = context.make_rdd(up_to(100));
      CHECK(numbers.count() == 100);
      CHECK(numbers.reduce(std::plus{}) == 4950);
      CHECK(numbers.fold(0, std::plus{}) == 4950);
      CHECK(numbers.aggregate(
              0.0, [](double acc, int x) { return acc + x; }, std::plus{}) == 4950);
      CHECK(numbers.collect() == up_to(100));
      CHECK(numbers.take(3) == up_to(3));
      CHECK(numbers.first() == 0);
      CHECK(numbers.top(2) == std::vector<int>{99, 98});
      CHECK(!numbers.is_empty());
      CHECK(context.make_rdd(std::vector<int>{}).is_empty());
      std::atomic<int> sum{0};
      std::atomic<std::uint32_t> calls{0};
      numbers.foreach ([&sum](int x) { sum += x; });
      numbers.foreach_partition([&calls](auto&) { ++calls; });
      CHECK(sum == 4950);
      CHECK(calls == n);
      CHECK(numbers.map([](int x) { return x % 2 == 0; }).count_by_value().size() == 2);
      CHECK(numbers.id() != numbers.filter([](int) { return true; }).id());
      test::temp_folder temp;
      numbers.save_as_text_file(temp / "text");
      numbers.save_as_object_file(temp / "objects");
      CHECK(context.object_file<int>(temp / "objects").collect() == up_to(100));
    });
  }

} // TEST_SUITE
