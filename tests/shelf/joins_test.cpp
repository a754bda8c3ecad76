#include "caf_stream/testing.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "support/engine_shapes.hpp"

// Operators of dstream that bring streams together, on the real engine, on several shapes.

using namespace caf_stream;
using caf_stream::testing::run_batches;
using caf_stream::testing::run_options;
using test::on_all_shapes;
using test::sorted;

namespace {

using view_pair = std::pair<std::string_view, int>;
using text_pair = std::pair<std::string, std::string>;

const std::vector<std::vector<view_pair>> clicks{{{"ann", 1}, {"bob", 2}}, {{"eve", 3}}, {}};
const std::vector<std::vector<text_pair>> towns{
  {{"ann", "Oslo"}, {"ann", "Lima"}}, {{"bob", "Rome"}}, {{"eve", "Bonn"}}};

struct by_length {
  std::uint32_t count() const { return 5; }
  std::uint32_t operator()(const std::string& key) const {
    return static_cast<std::uint32_t>(key.size() % 5);
  }
};

} // namespace

TEST_SUITE("shelf.joins") {

  TEST_CASE("keys that are views on one side and owned on the other join") {
    on_all_shapes([](auto options) {
      using record = std::pair<std::string, std::pair<int, std::string>>;
      auto result = run_batches<view_pair, text_pair>(
        clicks, towns, [](auto a, auto b) { return a.join(b); }, options);
      CHECK(sorted(result) ==
            std::vector<std::vector<record>>{{{"ann", {1, "Lima"}}, {"ann", {1, "Oslo"}}}, {}, {}});
    });
  }

  TEST_CASE("right_outer_join and full_outer_join keep what the other side lacks") {
    on_all_shapes([](auto options) {
      using std::nullopt;
      using of_right = std::pair<std::string, std::pair<std::optional<int>, std::string>>;
      auto rights = run_batches<view_pair, text_pair>(
        clicks, towns, [](auto a, auto b) { return a.right_outer_join(b, 3); }, options);
      CHECK(sorted(rights) ==
            std::vector<std::vector<of_right>>{{{"ann", {1, "Lima"}}, {"ann", {1, "Oslo"}}},
                                               {{"bob", {nullopt, "Rome"}}},
                                               {{"eve", {nullopt, "Bonn"}}}});
      using of_both =
        std::pair<std::string, std::pair<std::optional<int>, std::optional<std::string>>>;
      auto both = run_batches<view_pair, text_pair>(
        clicks, towns, [](auto a, auto b) { return a.full_outer_join(b); }, options);
      CHECK(sorted(both) == std::vector<std::vector<of_both>>{
                              {{"ann", {1, "Lima"}}, {"ann", {1, "Oslo"}}, {"bob", {2, nullopt}}},
                              {{"bob", {nullopt, "Rome"}}, {"eve", {3, nullopt}}},
                              {{"eve", {nullopt, "Bonn"}}}});
    });
  }

  TEST_CASE("a stream joins a data set of the driver's through transform") {
    on_all_shapes([](auto options) {
      using record = std::pair<std::string, std::pair<int, std::optional<std::string>>>;
      auto result = run_batches<view_pair>(
        clicks,
        [](auto s) {
          auto accounts = s.context().make_rdd(std::vector<text_pair>{{"ann", "gold"}}).persist();
          return s.transform(
            [accounts](const auto& batch) { return batch.left_outer_join(accounts); });
        },
        options);
      CHECK(sorted(result) ==
            std::vector<std::vector<record>>{{{"ann", {1, "gold"}}, {"bob", {2, std::nullopt}}},
                                             {{"eve", {3, std::nullopt}}},
                                             {}});
    });
  }

  TEST_CASE("every operator by key takes a partitioner last") {
    caf_stream::testing::batch_driver driver{{}};
    auto a =
      caf_stream::testing::stream_of<view_pair>(driver.context(), {{{"ann", 1}, {"bo", 2}}}, 1, 2);
    auto b = caf_stream::testing::stream_of<text_pair>(driver.context(), {{{"ann", "x"}}}, 1, 3);
    std::vector<std::uint32_t> partitions;
    auto note = [&partitions](const auto& stream) {
      stream.foreach_rdd([&partitions](const auto& batch) {
        partitions.push_back(batch.partitions());
        auto lists = batch.glom().collect();
        CHECK(lists.at(3).size() == 1);
        CHECK(lists.at(0).empty());
      });
    };
    auto add = [](int x, int y) { return x + y; };
    note(a.group_by_key(by_length{}));
    note(a.reduce_by_key(add, by_length{}));
    note(a.combine_by_key([](int x) { return x; }, add, add, by_length{}));
    note(a.join(b, by_length{}));
    note(a.left_outer_join(b, by_length{}));
    note(a.right_outer_join(b, by_length{}));
    note(a.full_outer_join(b, by_length{}));
    note(a.cogroup(b, by_length{}));
    note(a.map([](const view_pair& x) { return x.first; }).count_by_value(by_length{}));
    driver.run(1);
    CHECK(partitions == std::vector<std::uint32_t>(9, 5));
  }

  TEST_CASE("transform_with and transform of several streams see each batch's time and records") {
    on_all_shapes([](auto options) {
      std::vector<std::int64_t> times;
      auto result = run_batches<int, std::string>(
        {{1, 2}, {3}}, {{"a"}, {"b", "c"}},
        [&times](auto a, auto b) {
          return a.transform_with(
            b, [&times](const rdd<int>& x, const rdd<std::string>& y, batch_time t) {
              times.push_back(to_millis(t));
              return x.map([n = y.count()](int each) { return each + 10 * static_cast<int>(n); });
            });
        },
        options);
      CHECK(times == std::vector<std::int64_t>{1000, 2000});
      CHECK(result == std::vector<std::vector<int>>{{11, 12}, {23}});
      auto product = run_batches<int, int>(
        {{1, 2}, {}}, {{5}, {6}},
        [](auto a, auto b) {
          return a.context().transform(std::vector{a, b}, [](const std::vector<rdd<int>>& sets) {
            return sets.at(0).cartesian(sets.at(1));
          });
        },
        options);
      CHECK(product == std::vector<std::vector<std::pair<int, int>>>{{{1, 5}, {2, 5}}, {}});
    });
  }

  TEST_CASE("streams of other contexts cannot be brought together, and no stream cannot either") {
    caf_stream::testing::batch_driver one{{}};
    caf_stream::testing::batch_driver other{{}};
    auto a = caf_stream::testing::stream_of<text_pair>(one.context(), {}, 1, 2);
    auto b = caf_stream::testing::stream_of<text_pair>(other.context(), {}, 1, 2);
    CHECK_THROWS_AS(a.join(b), error);
    CHECK_THROWS_AS(a.cogroup(b), error);
    CHECK_THROWS_AS(a.transform_with(b, [](auto& x, auto&) { return x; }), error);
    auto first = [](const std::vector<rdd<text_pair>>& sets) { return sets[0]; };
    CHECK_THROWS_AS(one.context().transform(std::vector{a, b}, first), error);
    CHECK_THROWS_AS(one.context().transform(std::vector<dstream<text_pair>>{}, first), error);
    CHECK_THROWS_AS(a.join(a, 0), error);
  }

} // TEST_SUITE
