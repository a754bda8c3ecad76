#include "caf_stream/testing.hpp"

#include <atomic>
#include <map>

#include <doctest/doctest.h>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"
#include "support/word_sums.hpp"

// update_state_by_key on the real engine, on several shapes.

using namespace caf_stream;
using caf_stream::testing::batch_driver;
using caf_stream::testing::collect_batches;
using caf_stream::testing::run_batches;
using caf_stream::testing::run_options;
using caf_stream::testing::stream_of;
using test::count;
using test::counts;
using test::on_all_shapes;
using test::sorted;
using test::sums_of_words;
using test::view_pair;
using test::words;

namespace {

using texts = std::vector<std::vector<std::pair<std::string, std::string>>>;

std::optional<long> add(std::span<const int> values, std::optional<long> before) {
  auto sum = before.value_or(0);
  for (int x : values)
    sum += x;
  return sum;
}

// A state without operator==.
struct tally {
  long total = 0;
};

} // namespace

TEST_SUITE("shelf.update_state") {

  TEST_CASE("a state lives on, and every batch has the states of all keys") {
    on_all_shapes([](auto options) {
      auto result = run_batches<view_pair>(
        words, [](auto s) { return s.update_state_by_key(add); }, options);
      CHECK(sorted(result) == sums_of_words);
    });
  }

  TEST_CASE("values of a key come in the order of the batch, and keys are owned") {
    on_all_shapes([](auto options) {
      auto append = [](batch_time t, const std::string& key, std::span<const int> values,
                       std::optional<std::string> before) -> std::optional<std::string> {
        auto text = before.value_or(key + ":") + std::to_string(to_millis(t)) + "(";
        for (int x : values)
          text += std::to_string(x);
        return text + ")";
      };
      std::vector<std::vector<view_pair>> inputs{{{"k", 1}, {"k", 2}, {"l", 9}, {"k", 3}}, {}};
      auto result = run_batches<view_pair>(
        inputs, [&](auto s) { return s.update_state_by_key(append, 3); }, options);
      CHECK(sorted(result) == texts{{{"k", "k:1000(123)"}, {"l", "l:1000(9)"}},
                                    {{"k", "k:1000(123)2000()"}, {"l", "l:1000(9)2000()"}}});
    });
  }

  TEST_CASE("a key goes when the function gives none, and may come again") {
    on_all_shapes([](auto options) {
      auto while_there = [](std::span<const int> values,
                            std::optional<long> before) -> std::optional<long> {
        if (values.empty())
          return std::nullopt;
        return before.value_or(0) + static_cast<long>(values.size());
      };
      std::vector<std::vector<view_pair>> inputs{
        {{"a", 1}, {"b", 1}}, {{"a", 1}}, {{"b", 1}}, {{"a", 1}, {"b", 1}}};
      auto result = run_batches<view_pair>(
        inputs, [&](auto s) { return s.update_state_by_key(while_there); }, options);
      CHECK(sorted(result) ==
            counts{{{"a", 1}, {"b", 1}}, {{"a", 2}}, {{"b", 1}}, {{"a", 1}, {"b", 2}}});
    });
  }

  TEST_CASE("a state may begin with pairs, and each of their keys is seen in the first batch") {
    on_all_shapes([](auto options) {
      auto add_one = [](std::span<const int> values, std::optional<long> before) {
        return std::optional<long>{before.value_or(0) + static_cast<long>(values.size()) + 100};
      };
      std::vector<count> initial{{"a", 1}, {"c", 2}};
      counts expected{{{"a", 102}, {"c", 102}}, {{"a", 204}, {"b", 101}, {"c", 202}}};
      std::vector<std::vector<view_pair>> inputs{{{"a", 1}}, {{"a", 1}, {"a", 1}, {"b", 1}}};
      auto of_vector = run_batches<view_pair>(
        inputs, [&](auto s) { return s.update_state_by_key(add_one, initial); }, options);
      CHECK(sorted(of_vector) == expected);
      auto of_rdd = run_batches<view_pair>(
        inputs,
        [&](auto s) { return s.update_state_by_key(add_one, s.context().make_rdd(initial, 3), 4); },
        options);
      CHECK(sorted(of_rdd) == expected);
      auto of_views = run_batches<view_pair>(
        inputs,
        [&](auto s) {
          using pairs = std::vector<std::pair<std::string_view, long>>;
          return s.update_state_by_key(add_one, pairs{{"a", 1}, {"c", 2}});
        },
        options);
      CHECK(sorted(of_views) == expected);
    });
  }

  TEST_CASE("the type of the state may be named, and need not have ==") {
    on_all_shapes([](auto options) {
      auto result = run_batches<view_pair>(
        words,
        [](auto s) {
          return s
            .template update_state_by_key<tally>([](auto values, auto before) {
              tally next = before.value_or(tally{});
              next.total += static_cast<long>(values.size());
              return std::optional{next};
            })
            .map_values([](const tally& x) { return x.total; });
        },
        options);
      CHECK(sorted(result).back() == std::vector<count>{{"a", 3}, {"b", 1}, {"c", 1}});
    });
  }

  TEST_CASE("values that are bool come as a span, and keys may be numbers and pairs") {
    on_all_shapes([](auto options) {
      using key = std::pair<int, std::string>;
      using record = std::pair<key, bool>;
      auto all = [](std::span<const bool> values, std::optional<int> before) {
        int n = before.value_or(0);
        for (bool x : values)
          n += x ? 1 : 100;
        return std::optional{n};
      };
      std::vector<std::vector<record>> inputs{{{{1, "x"}, true}, {{1, "x"}, false}},
                                              {{{2, "y"}, true}}};
      auto result = run_batches<record>(
        inputs, [&](auto s) { return s.update_state_by_key(all); }, options);
      using states = std::vector<std::vector<std::pair<key, int>>>;
      CHECK(sorted(result) == states{{{{1, "x"}, 101}}, {{{1, "x"}, 101}, {{2, "y"}, 1}}});
      auto by_number = run_batches<int>(
        {{1, 2, 1}, {2}},
        [&](auto s) {
          return s.map([](int x) { return std::pair{x, true}; }).update_state_by_key(all);
        },
        options);
      using numbers = std::vector<std::vector<std::pair<int, int>>>;
      CHECK(sorted(by_number) == numbers{{{1, 2}, {2, 1}}, {{1, 2}, {2, 2}}});
    });
  }

  TEST_CASE("the function is called once for a key and batch, whatever outputs ask") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      auto stream = stream_of<view_pair>(driver.context(), words, 4, options.input_partitions);
      std::atomic<int> calls{0};
      auto state =
        stream.update_state_by_key([&](std::span<const int> values, std::optional<long> before) {
          ++calls;
          return add(values, before);
        });
      auto first = collect_batches(state);
      auto second = collect_batches(state.map([](const count& x) { return x.second; }));
      driver.run(4);
      CHECK(calls == 1 + 2 + 2 + 3);
      CHECK(sorted(*first).back() == std::vector<count>{{"a", 3}, {"b", 1}, {"c", 1}});
      CHECK(sorted(*second).back() == std::vector<long>{1, 1, 3});
    });
  }

  TEST_CASE("an output that computes nothing, and one that takes a part, lose no updates") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      auto stream = stream_of<view_pair>(driver.context(), words, 4, options.input_partitions);
      auto ignored = stream.update_state_by_key(add);
      std::size_t asked = 0;
      std::vector<count> last;
      ignored.foreach_rdd([&](const rdd<count>& batch) {
        batch.take(1);
        if (++asked == 4)
          last = batch.collect();
      });
      std::vector<count> only_last;
      std::size_t unasked = 0;
      stream.update_state_by_key(add).foreach_rdd([&](const rdd<count>& batch) {
        if (++unasked == 4)
          only_last = batch.collect();
      });
      driver.run(4);
      std::sort(last.begin(), last.end());
      std::sort(only_last.begin(), only_last.end());
      CHECK(last == std::vector<count>{{"a", 3}, {"b", 1}, {"c", 1}});
      CHECK(only_last == last);
    });
  }

  TEST_CASE("states of earlier batches are there as long as they are remembered") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      driver.context().remember(duration{3000});
      auto stream = stream_of<view_pair>(driver.context(), words, 4, options.input_partitions);
      auto state = stream.update_state_by_key(add);
      std::vector<std::vector<count>> seen;
      state.foreach_rdd([&, n = std::make_shared<int>(0)](const rdd<count>&) {
        if (++*n == 4)
          for (auto& batch : state.slice(from_millis(1000), from_millis(4000)))
            seen.push_back(batch.collect());
      });
      driver.run(4);
      CHECK(sorted(seen) == sums_of_words);
    });
  }

  TEST_CASE("a state may be made of the states of another operator") {
    on_all_shapes([](auto options) {
      auto result = run_batches<view_pair>(
        words,
        [](auto s) {
          return s.update_state_by_key(add)
            .map([](const count& x) {
              return std::pair{x.second, 1};
            })
            .update_state_by_key([](std::span<const int> values, std::optional<long> before) {
              return add(values, before);
            });
        },
        options);
      using record = std::pair<long, long>;
      CHECK(sorted(result).back() == std::vector<record>{{1, 5}, {3, 3}});
    });
  }

} // TEST_SUITE
