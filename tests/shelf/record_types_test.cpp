#include "caf_stream/testing.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"

// Records, keys and states may be of types that have little.

using namespace caf_stream;
using namespace std::chrono_literals;
using test::on_all_shapes;
using testing::run_batches;

namespace {

/// Nothing can be made without a number.
struct price {
  explicit price(int n) : cents(n) {}
  int cents;
  bool operator==(const price&) const = default;
};

/// Is not made by accident.
struct tally {
  explicit tally(int start = 0) : count(start) {}
  int count;
};

const double nan_of_one = std::numeric_limits<double>::quiet_NaN();
const double nan_of_another = -nan_of_one;

} // namespace

TEST_SUITE("shelf.record_types") {

  TEST_CASE("values without a default constructor are joined") {
    using priced = std::pair<int, price>;
    std::vector<std::vector<priced>> left{{{1, price{10}}, {2, price{20}}}};
    std::vector<std::vector<priced>> right{{{1, price{11}}}};
    on_all_shapes([&](auto& options) {
      auto inner = run_batches<priced, priced>(
        left, right, [](auto a, auto b) { return a.join(b); }, options);
      CHECK(inner.at(0) == std::vector{std::pair{1, std::pair{price{10}, price{11}}}});
      auto outer = run_batches<priced, priced>(
        left, right,
        [](auto a, auto b) {
          return a.left_outer_join(b).map([](const auto& x) {
            return std::pair{x.second.first.cents, x.second.second.has_value()};
          });
        },
        options);
      CHECK(test::sorted(outer).at(0) ==
            std::vector<std::pair<int, bool>>{{10, true}, {20, false}});
    });
  }

  TEST_CASE("a state whose default constructor is explicit may be removed") {
    using record = std::pair<int, int>;
    auto result = run_batches<record>({{{1, 1}}, {{1, 0}}, {{1, 5}}}, [](auto pairs) {
      return pairs.map_with_state(
        state_spec([](const int&, std::optional<int> value, state<tally>& kept) {
          if (*value == 0) {
            kept.remove();
            return -1;
          }
          auto next = kept.exists() ? kept.get() : tally{};
          next.count += *value;
          kept.update(next);
          return next.count;
        }));
    });
    CHECK(result == std::vector<std::vector<int>>{{1}, {-1}, {5}});
  }

  TEST_CASE("a state need not have a default constructor") {
    using record = std::pair<bool, int>; // bool is a key as others are
    std::vector<std::vector<record>> input{{{true, 1}, {false, 3}}, {{true, 2}}, {}};
    auto cents_of = [](const auto& x) { return x.second.cents; };
    auto updated = run_batches<record>(input, [&](auto pairs) {
      auto add = [](std::span<const int> values, std::optional<price> sum) -> std::optional<price> {
        if (values.empty())
          return std::nullopt;
        return price{values[0] + (sum ? sum->cents : 0)};
      };
      return pairs.update_state_by_key(add).map(cents_of);
    });
    CHECK(test::sorted(updated) == std::vector<std::vector<int>>{{1, 3}, {3}, {}});
    auto mapped = run_batches<record>(input, [&](auto pairs) {
      auto add = [](bool, std::optional<int> value, state<price>& sum) {
        if (sum.is_timing_out())
          return -sum.get().cents;
        sum.update(price{*value + (sum.exists() ? sum.get().cents : 0)});
        return sum.get().cents;
      };
      return pairs.map_with_state(state_spec(add).timeout(1s));
    });
    CHECK(test::sorted(mapped) == std::vector<std::vector<int>>{{1, 3}, {3}, {-3}});
  }

  TEST_CASE("all that are not a number are one key, alone and in parts of keys") {
    using record = std::pair<double, int>;
    std::vector<std::vector<record>> input{{{nan_of_one, 1}, {nan_of_another, 2}, {1.5, 4}}};
    on_all_shapes([&](auto& options) {
      auto values_of = [&](auto pipeline) {
        auto result = run_batches<record>(input, pipeline, options);
        return test::sorted(result).at(0);
      };
      auto second = [](const auto& x) { return x.second; };
      CHECK(values_of([&](auto pairs) { return pairs.reduce_by_key(std::plus{}).map(second); }) ==
            std::vector{3, 4});
      CHECK(values_of([&](auto pairs) {
              return pairs
                .map([](const record& x) {
                  return std::pair{std::pair{7, x.first}, x.second};
                })
                .reduce_by_key(std::plus{})
                .map(second);
            }) == std::vector{3, 4});
      CHECK(values_of([&](auto pairs) {
              return pairs
                .update_state_by_key(
                  [](std::span<const int> values, std::optional<int> n) -> std::optional<int> {
                    return n.value_or(0) + static_cast<int>(values.size());
                  })
                .map(second);
            }) == std::vector{1, 2});
    });
  }

  TEST_CASE("a stream that no output needs is remembered too, and can be sliced") {
    test::manual_context context;
    context->remember(10s);
    rdd_queue<int> queue;
    for (int i = 1; i <= 3; ++i)
      queue.push(std::vector{i});
    auto numbers = context->queue_stream(queue);
    auto doubled = numbers.map([](int x) { return 2 * x; });
    test::awaited<std::vector<int>> seen;
    numbers.foreach_rdd([&](const auto&, batch_time t) {
      for (auto& batch : doubled.slice(t - 1s, t))
        for (int x : batch.collect())
          seen.change([&](auto& all) { all.push_back(x); });
    });
    context->start();
    REQUIRE(context.tick(3));
    CHECK(seen.get() == std::vector{2, 2, 4, 4, 6});
  }

  TEST_CASE("a batch that is asked for by the function that makes it is an error") {
    test::manual_context context;
    rdd_queue<int> queue;
    std::optional<dstream<int>> itself;
    itself = context->queue_stream(queue).transform([&](const rdd<int>& batch, batch_time t) {
      itself->slice(t, t);
      return batch;
    });
    itself->foreach_rdd([](const auto&) {});
    context->start();
    REQUIRE(context.tick());
    auto [code, text] = test::thrown_by([&] { context->await_termination_for(0ms); });
    CHECK(code == errc::invalid_state);
    CHECK(test::contains(text, "asked for by the function that makes it"));
  }

} // TEST_SUITE
