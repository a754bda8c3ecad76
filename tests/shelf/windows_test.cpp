// Windows on the real engine, against the same computed plainly.

#include <atomic>
#include <map>
#include <mutex>
#include <random>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/engine_shapes.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;
using test::on_all_shapes;
using test::sorted;
using test::thrown_by;
using testing::run_batches;

namespace {

using counted = std::pair<std::string, long>;
using batches = std::vector<std::vector<counted>>;

struct shape_of_window {
  int length; // in batches
  int slide;
};

constexpr shape_of_window windows[] = {{1, 1}, {2, 1}, {3, 3}, {6, 4}, {2, 5}, {5, 2}, {4, 2}};

batches some_batches(unsigned seed, int n) {
  std::mt19937 random{seed};
  batches result;
  for (int i = 0; i < n; ++i) {
    auto& batch = result.emplace_back();
    for (auto records = random() % 9; records > 0; --records)
      batch.emplace_back("key" + std::to_string(random() % 5), static_cast<long>(1 + random() % 9));
  }
  return result;
}

/// What f(window's records) gives for each slide, older records first.
template <class F>
auto plain(const batches& input, shape_of_window w, F f) {
  std::vector<decltype(f(input[0]))> result;
  for (int end = w.slide; end <= static_cast<int>(input.size()); end += w.slide) {
    std::vector<counted> window;
    for (int i = std::max(0, end - w.length); i < end; ++i)
      window.insert(window.end(), input[static_cast<std::size_t>(i)].begin(),
                    input[static_cast<std::size_t>(i)].end());
    result.push_back(f(window));
  }
  return result;
}

std::vector<counted> sums(const std::vector<counted>& records) {
  std::map<std::string, long> result;
  for (auto& [key, value] : records)
    result[key] += value;
  return {result.begin(), result.end()};
}

duration batches_of(int n) { return n * 1s; }

const auto not_zero = [](const std::string&, long n) { return n != 0; };

} // namespace

TEST_SUITE("shelf.windows") {

  TEST_CASE("a window has the records of its batches") {
    auto input = some_batches(1, 13);
    for (auto w : windows) {
      CAPTURE(w.length);
      CAPTURE(w.slide);
      auto expected = plain(input, w, [](auto records) { return records; });
      on_all_shapes([&](auto options) {
        auto result = run_batches<counted>(
          input,
          [&](auto s) {
            return s.map([](const counted& x) { return x; })
              .window(batches_of(w.length), batches_of(w.slide));
          },
          options);
        CHECK(sorted(result) == sorted(expected));
      });
    }
  }

  TEST_CASE("reductions by key over windows, with and without inverse") {
    auto input = some_batches(2, 17);
    for (auto w : windows) {
      CAPTURE(w.length);
      CAPTURE(w.slide);
      auto expected = plain(input, w, sums);
      on_all_shapes([&](auto options) {
        auto length = batches_of(w.length);
        auto slide = batches_of(w.slide);
        auto result = run_batches<counted>(
          input, [&](auto s) { return s.reduce_by_key_and_window(std::plus{}, length, slide); },
          options);
        CHECK(sorted(result) == expected);
        result = run_batches<counted>(
          input,
          [&](auto s) {
            return s.reduce_by_key_and_window(std::plus{}, std::minus{}, length, slide, not_zero,
                                              3);
          },
          options);
        CHECK(sorted(result) == expected);
      });
    }
  }

  TEST_CASE("older values come first where nothing is subtracted") {
    auto input = some_batches(3, 16);
    shape_of_window w{5, 1};
    auto texts = [](const std::vector<counted>& records) {
      std::map<std::string, std::string> result;
      for (auto& [key, value] : records)
        result[key] += std::to_string(value);
      return std::vector<std::pair<std::string, std::string>>(result.begin(), result.end());
    };
    auto expected = plain(input, w, texts);
    on_all_shapes([&](auto options) {
      auto result = run_batches<counted>(
        input,
        [&](auto s) {
          return s
            .map([](const counted& x) {
              return std::pair{x.first, std::to_string(x.second)};
            })
            .reduce_by_key_and_window(std::plus{}, 5s);
        },
        options);
      CHECK(sorted(result) == expected);
    });
  }

  TEST_CASE("what to keep is asked with a pair as well, by reference") {
    auto result = run_batches<counted>({{{"a", 1}}, {{"b", 2}}, {}}, [](auto s) {
      return s.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s, 1s,
                                        [](auto& x) { return x.second != 0; });
    });
    CHECK(sorted(result) == batches{{{"a", 1}}, {{"a", 1}, {"b", 2}}, {{"b", 2}}});
  }

  TEST_CASE("keys without records stay where nothing says which to keep") {
    auto result = run_batches<counted>({{{"a", 1}}, {{"a", 1}, {"b", 2}}, {}, {}}, [](auto s) {
      return s.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s);
    });
    CHECK(sorted(result) ==
          batches{{{"a", 1}}, {{"a", 2}, {"b", 2}}, {{"a", 1}, {"b", 2}}, {{"a", 0}, {"b", 0}}});
  }

  TEST_CASE("all records of a window are reduced to one") {
    auto input = some_batches(4, 12);
    for (auto w : windows) {
      CAPTURE(w.length);
      CAPTURE(w.slide);
      auto reduced = plain(input, w, [](const std::vector<counted>& records) {
        std::vector<long> result;
        for (auto& [key, value] : records) {
          result.resize(1, 0);
          result[0] += value;
        }
        return result;
      });
      on_all_shapes([&](auto options) {
        auto length = batches_of(w.length);
        auto slide = batches_of(w.slide);
        auto values = [](auto s) { return s.map([](const counted& x) { return x.second; }); };
        CHECK(run_batches<counted>(
                input,
                [&](auto s) { return values(s).reduce_by_window(std::plus{}, length, slide); },
                options) == reduced);
        auto totals = run_batches<counted>(
          input,
          [&](auto s) {
            return values(s).reduce_by_window(std::plus{}, std::minus{}, length, slide);
          },
          options);
        // With an inverse there is a record in every batch once there was one.
        auto expected = reduced;
        bool begun = false;
        for (auto& batch : expected) {
          begun = begun || !batch.empty();
          if (begun)
            batch.resize(1, 0);
        }
        CHECK(totals == expected);
      });
    }
  }

  TEST_CASE("records, and each value, are counted over windows") {
    std::vector<std::vector<int>> input{{}, {1}, {1, 1, 2}, {0}, {}, {}, {7}};
    on_all_shapes([&](auto options) {
      CHECK(run_batches<int>(
              input, [](auto s) { return s.count_by_window(2s, 1s); }, options) ==
            std::vector<std::vector<std::int64_t>>{{}, {1}, {4}, {4}, {1}, {0}, {1}});
      using pairs = std::vector<std::vector<std::pair<int, std::int64_t>>>;
      CHECK(
        sorted(run_batches<int>(
          input, [](auto s) { return s.count_by_value_and_window(2s, 1s, 2); }, options)) ==
        pairs{{}, {{1, 1}}, {{1, 3}, {2, 1}}, {{0, 1}, {1, 2}, {2, 1}}, {{0, 1}}, {}, {{7, 1}}});
    });
  }

  TEST_CASE("values of a window are grouped by key, older ones first") {
    using groups = std::vector<std::vector<std::pair<std::string, std::vector<long>>>>;
    on_all_shapes([&](auto options) {
      auto result = run_batches<counted>(
        {{{"a", 1}, {"a", 2}}, {{"b", 3}, {"a", 4}}, {{"b", 5}}},
        [](auto s) { return s.group_by_key_and_window(2s, 1s); }, options);
      CHECK(sorted(result) ==
            groups{{{"a", {1, 2}}}, {{"a", {1, 2, 4}}, {"b", {3}}}, {{"a", {4}}, {"b", {3, 5}}}});
    });
  }

  TEST_CASE("what is grouped over a window is brought together once") {
    struct counting {
      std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
      std::uint32_t count() const { return 3; }
      std::uint32_t operator()(const std::string& key) const {
        ++*calls;
        return static_cast<std::uint32_t>(key.size()) % 3;
      }
    };
    counting partitioner;
    auto input = some_batches(5, 12);
    std::size_t records = 0;
    for (auto& batch : input)
      records += batch.size();
    auto result = run_batches<counted>(
      input, [&](auto s) { return s.group_by_key_and_window(6s, 1s, partitioner); });
    CHECK(result.size() == input.size());
    CHECK(*partitioner.calls == static_cast<int>(records));
  }

  TEST_CASE("windows of windows") {
    auto input = some_batches(5, 24);
    on_all_shapes([&](auto options) {
      auto result = run_batches<counted>(
        input,
        [](auto s) {
          return s.window(4s, 2s)
            .reduce_by_key_and_window(std::plus{}, 2s, 2s)
            .window(6s, 6s)
            .reduce_by_key_and_window(std::plus{}, std::minus{}, 6s, 6s, not_zero);
        },
        options);
      batches expected;
      for (std::size_t end = 6; end <= input.size(); end += 6) {
        std::vector<counted> all;
        for (auto inner = end - 4; inner <= end; inner += 2)
          for (auto i = inner - std::min<std::size_t>(inner, 4); i < inner; ++i)
            all.insert(all.end(), input[i].begin(), input[i].end());
        expected.push_back(sums(all));
      }
      CHECK(sorted(result) == expected);
    });
  }

  TEST_CASE("a window of a window of what is kept already") {
    auto result = run_batches<counted>({{{"a", 1}}, {{"a", 2}}, {}}, [](auto s) {
      return s.reduce_by_key_and_window(std::plus{}, 1s).window(1s).window(2s);
    });
    CHECK(sorted(result) == batches{{{"a", 1}}, {{"a", 1}, {"a", 2}}, {{"a", 2}}});
  }

  TEST_CASE("streams of windows are joined") {
    auto result = run_batches<counted, counted>(
      {{{"a", 1}}, {}, {{"b", 2}}}, {{}, {{"a", 10}}, {{"b", 20}}},
      [](auto left, auto right) { return left.window(2s, 1s).join(right.window(2s, 1s)); });
    using joined = std::vector<std::vector<std::pair<std::string, std::pair<long, long>>>>;
    CHECK(sorted(result) == joined{{}, {{"a", {1, 10}}}, {{"b", {2, 20}}}});
  }

  TEST_CASE("what a window looks back at is computed once") {
    std::atomic<int> calls{0};
    auto input = some_batches(6, 10);
    std::size_t records = 0;
    for (auto& batch : input)
      records += batch.size();
    auto count_calls = [&calls](const counted& x) {
      ++calls;
      return x;
    };
    run_batches<counted>(input, [&](auto s) { return s.map(count_calls).window(4s, 1s); });
    CHECK(static_cast<std::size_t>(calls) == records);
    calls = 0;
    run_batches<counted>(input, [&](auto s) {
      return s.map(count_calls).reduce_by_key_and_window(std::plus{}, 4s, 2s);
    });
    CHECK(static_cast<std::size_t>(calls) == records);
  }

  TEST_CASE("a length or slide that is no multiple of the parent's is refused, naming all three") {
    manual_context context;
    rdd_queue<counted> queue;
    auto stream = context->queue_stream(queue).window(2s, 2s);
    auto refused = [&](auto call) {
      auto [code, text] = thrown_by(call);
      CHECK(code == errc::invalid_argument);
      CHECK(contains(text, "2000 ms between the batches of window"));
      return text;
    };
    CHECK(contains(refused([&] { stream.window(3s, 2s); }), "3000 ms"));
    CHECK(
      contains(refused([&] { stream.reduce_by_key_and_window(std::plus{}, 4s, 1s); }), "1000 ms"));
    CHECK(contains(refused([&] { stream.count_by_window(0s, 2s); }), "0 ms"));
  }

  TEST_CASE("an output that reads nothing, or only some partitions, loses nothing of a window") {
    auto input = some_batches(7, 9);
    manual_context context;
    rdd_queue<counted> queue;
    for (auto& batch : input)
      queue.push(batch);
    auto totals =
      context->queue_stream(queue).reduce_by_key_and_window(std::plus{}, std::minus{}, 3s, 1s, 4);
    int batch_number = 0;
    std::vector<counted> last;
    totals.foreach_rdd([&](const rdd<counted>& batch) {
      if (++batch_number == 9)
        last = batch.collect();
      else if (batch_number % 2 == 0)
        batch.take(1);
    });
    context->start();
    REQUIRE(context.tick(9));
    context->stop();
    last.erase(std::remove_if(last.begin(), last.end(), [](auto& x) { return x.second == 0; }),
               last.end());
    CHECK(sorted(batches{last})[0] == plain(input, {3, 1}, sums).back());
  }

  TEST_CASE("tasks that fail and batches that are given up leave windows right") {
    for (bool inverse : {false, true}) {
      CAPTURE(inverse);
      auto input = some_batches(8, 14);
      manual_context context;
      rdd_queue<counted> queue;
      for (auto& batch : input)
        queue.push(batch);
      std::atomic<int> batch_number{0};
      std::atomic<int> failures{0};
      // In batch 5 everything fails, in others some calls do.
      auto plus = [&](long a, long b) {
        if (batch_number == 5 || (batch_number % 3 == 0 && failures++ % 4 == 0))
          throw std::runtime_error{"not now"};
        return a + b;
      };
      auto stream = context->queue_stream(queue).transform([&](const rdd<counted>& batch) {
        ++batch_number;
        return batch;
      });
      auto totals = inverse
                      ? stream.reduce_by_key_and_window(plus, std::minus{}, 4s, 1s, not_zero, 2)
                      : stream.reduce_by_key_and_window(plus, 4s, 1s, 2);
      std::map<int, std::vector<counted>> seen;
      totals.foreach_rdd(
        [&](const rdd<counted>& batch) { seen[batch_number.load()] = batch.collect(); });
      context->start();
      REQUIRE(context.tick(14));
      auto expected = plain(input, {4, 1}, sums);
      CHECK(seen.count(5) == 0);
      for (auto& [number, batch] : seen) {
        CAPTURE(number);
        CHECK(sorted(batches{batch})[0] == expected.at(static_cast<std::size_t>(number) - 1));
      }
      CHECK(seen.size() >= 10);
      context->stop();
    }
  }

} // TEST_SUITE
