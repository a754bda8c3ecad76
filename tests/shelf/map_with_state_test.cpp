#include "caf_stream/testing.hpp"

#include <functional>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"
#include "support/word_sums.hpp"

// map_with_state on the real engine, on several shapes.

using namespace caf_stream;
using caf_stream::testing::batch_driver;
using caf_stream::testing::collect_batches;
using caf_stream::testing::run_batches;
using caf_stream::testing::run_options;
using caf_stream::testing::stream_of;
using test::contains;
using test::count;
using test::counts;
using test::on_all_shapes;
using test::sorted;
using test::sums_of_words;
using test::thrown_by;
using test::view_pair;
using test::words;

namespace {

using lines = std::vector<std::vector<std::string>>;

count add(const std::string& key, std::optional<int> value, state<long>& sum) {
  sum.update((sum.exists() ? sum.get() : 0) + value.value_or(0));
  return {key, sum.get()};
}

// What happens to each key, with its times.
std::string tell(const std::string& key, std::optional<int> value, state<int>& calls) {
  if (calls.is_timing_out())
    return key + " ends after " + std::to_string(calls.get()) + (value ? "?" : "");
  calls.update(calls.get_option().value_or(0) + 1);
  return key + std::to_string(calls.get());
}

} // namespace

TEST_SUITE("shelf.map_with_state") {

  TEST_CASE("each record gives one, in order within a key, and snapshots have all keys") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      auto stream = stream_of<view_pair>(driver.context(), words, 4, options.input_partitions);
      auto mapped = stream.map_with_state(state_spec(add));
      auto emitted = collect_batches(mapped);
      auto snapshots = collect_batches(mapped.state_snapshots());
      driver.run(4);
      CHECK(sorted(*emitted) == counts{{{"a", 1}}, {{"a", 2}, {"a", 3}, {"b", 1}}, {}, {{"c", 1}}});
      CHECK(sorted(*snapshots) == sums_of_words);
      std::vector<long> of_a; // as they came
      for (auto& [key, n] : emitted->at(1))
        if (key == "a")
          of_a.push_back(n);
      CHECK(of_a == std::vector<long>{2, 3});
    });
  }

  TEST_CASE("the form with a batch time emits where it gives something, and may give views") {
    on_all_shapes([](auto options) {
      auto even = [](batch_time t, const std::string& key, std::optional<int> value,
                     state<std::string>& seen) -> std::optional<std::string_view> {
        seen.update(seen.get_option().value_or(key) + std::to_string(to_millis(t) / 1000) +
                    std::to_string(value.value()));
        if (to_millis(t) % 2000 != 0)
          return std::nullopt;
        return seen.get();
      };
      auto result = run_batches<view_pair>(
        words, [&](auto s) { return s.map_with_state(state_spec(even).partitions(3)); }, options);
      CHECK(sorted(result) == lines{{}, {"a1121", "a112121", "b21"}, {}, {"c41"}});
    });
  }

  TEST_CASE("a key that is idle for longer than the timeout ends in the first batch that is due") {
    on_all_shapes([](auto options) {
      std::vector<std::vector<view_pair>> inputs{
        {{"a", 1}, {"b", 1}, {"c", 1}}, {{"b", 1}}, {}, {{"c", 1}}, {}, {{"a", 1}}, {}, {}};
      auto result = run_batches<view_pair>(
        inputs, [](auto s) { return s.map_with_state(state_spec(tell).timeout(duration{2000})); },
        options);
      // Touched at 1 s, and idle for longer than 2 s at 4 s.
      CHECK(sorted(result) == lines{{"a1", "b1", "c1"},
                                    {"b2"},
                                    {},
                                    {"a ends after 1", "c2"},
                                    {"b ends after 2"},
                                    {"a1"},
                                    {"c ends after 2"},
                                    {}});
    });
  }

  TEST_CASE("data keeps a key alive without an update, and ends of keys come after records") {
    auto look = [](const std::string& key, std::optional<int> value, state<int>& once) {
      if (once.is_timing_out())
        return key + " ends";
      if (!once.exists())
        once.update(value.value());
      return key;
    };
    on_all_shapes([&](auto options) {
      std::vector<std::vector<view_pair>> inputs{
        {{"a", 1}, {"b", 1}}, {{"a", 1}}, {{"a", 1}, {"c", 1}}, {}, {}};
      auto result = run_batches<view_pair>(
        inputs,
        [&](auto s) {
          return s.map_with_state(state_spec(look).timeout(duration{1000}).partitions(1));
        },
        options);
      CHECK(result == lines{{"a", "b"}, {"a"}, {"a", "c", "b ends"}, {}, result.at(4)});
      CHECK(sorted(result).at(4) == std::vector<std::string>{"a ends", "c ends"});
    });
  }

  TEST_CASE("a key that is removed goes, and what began is touched in the first batch") {
    auto until_three = [](const std::string& key, std::optional<int>, state<int>& n) {
      if (n.is_timing_out())
        return key + " ends";
      auto next = n.get_option().value_or(0) + 1;
      if (next == 3)
        n.remove();
      else
        n.update(next);
      return key + std::to_string(next);
    };
    on_all_shapes([&](auto options) {
      batch_driver driver{options};
      std::vector<std::vector<view_pair>> inputs{{{"a", 1}}, {{"b", 1}, {"b", 1}, {"b", 1}}, {}};
      auto stream = stream_of<view_pair>(driver.context(), inputs, 3, options.input_partitions);
      std::vector<std::pair<std::string_view, int>> initial{{"a", 1}, {"z", 7}};
      auto mapped = stream.map_with_state(
        state_spec(until_three).initial_state(initial).timeout(duration{1000}));
      auto emitted = collect_batches(mapped);
      auto snapshots = collect_batches(mapped.state_snapshots());
      driver.run(3);
      CHECK(sorted(*emitted) == lines{{"a2"}, {"b1", "b2", "b3"}, {"a ends", "z ends"}});
      using record = std::pair<std::string, int>;
      CHECK(sorted(*snapshots) ==
            std::vector<std::vector<record>>{{{"a", 2}, {"z", 7}}, {{"a", 2}, {"z", 7}}, {}});
    });
  }

  TEST_CASE("snapshots may be looked back at, though another output moves the state on") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      driver.context().remember(duration{3000});
      auto stream = stream_of<view_pair>(driver.context(), words, 4, options.input_partitions);
      auto mapped = stream.map_with_state(state_spec(add));
      auto emitted = collect_batches(mapped);
      auto snapshots = mapped.state_snapshots();
      std::vector<std::vector<count>> seen;
      snapshots.foreach_rdd([&, n = std::make_shared<int>(0)](const rdd<count>&) {
        if (++*n == 4)
          for (auto& batch : snapshots.slice(from_millis(1000), from_millis(4000)))
            seen.push_back(batch.collect());
      });
      driver.run(4);
      CHECK(sorted(seen) == sums_of_words);
      CHECK(emitted->size() == 4);
    });
  }

  TEST_CASE("outputs that ignore the batch lose no updates, one at a time and at once") {
    for (std::size_t jobs : {1u, 4u}) {
      auto options = test::small_settings();
      options.concurrent_jobs = jobs;
      test::manual_context context{options};
      rdd_queue<std::string> queue;
      for (int i = 0; i < 20; ++i)
        queue.push(std::vector<std::string>(5, i % 2 == 0 ? "even" : "odd"));
      auto mapped = context->queue_stream(queue)
                      .map([](const std::string& x) {
                        return std::pair{x, 1};
                      })
                      .map_with_state(state_spec(add));
      mapped.foreach_rdd([](const rdd<count>&) {});
      mapped.state_snapshots().foreach_rdd([](const rdd<count>&) {});
      test::awaited<std::vector<count>> last;
      mapped.state_snapshots().foreach_rdd([&](const rdd<count>& batch) {
        auto all = batch.collect();
        std::sort(all.begin(), all.end());
        last.change([&](auto& x) { x = all; });
      });
      context->start();
      REQUIRE(context.tick(20));
      CHECK(last.get() == std::vector<count>{{"even", 50}, {"odd", 50}});
    }
  }

  TEST_CASE("what cannot be is refused at the call") {
    auto [code, text] = thrown_by([] { state_spec(add).timeout(duration{0}); });
    CHECK(code == errc::invalid_argument);
    CHECK(contains(text, "longer than 0 ms"));
    using function = std::function<count(const std::string&, std::optional<int>, state<long>&)>;
    CHECK(thrown_by([] { state_spec(function{}); }).first == errc::invalid_argument);
  }

} // TEST_SUITE
