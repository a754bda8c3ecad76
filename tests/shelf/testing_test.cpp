// The harness for tests of pipelines: on every shape a pipeline gives the same answer.

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "caf_stream/testing.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using testing::run_batches;
using testing::run_options;

namespace {

using pairs = std::vector<std::pair<std::string, std::int64_t>>;

std::vector<run_options> all_shapes() {
  std::vector<run_options> result;
  for (std::size_t workers : {1, 2, 4})
    for (std::size_t partitions : {1, 3})
      for (std::size_t input_partitions : {1, 2, 5}) {
        run_options options;
        options.workers = workers;
        options.partitions = partitions;
        options.input_partitions = input_partitions;
        result.push_back(options);
      }
  return result;
}

std::vector<pairs> sorted(std::vector<pairs> batches) {
  for (auto& batch : batches)
    std::sort(batch.begin(), batch.end());
  return batches;
}

} // namespace

TEST_SUITE("shelf.testing") {

  TEST_CASE("each batch of input is a batch of output, in order") {
    for (auto& options : all_shapes()) {
      auto batches = run_batches<int>(
        {{1, 2, 3, 4}, {}, {5}}, [](auto numbers) { return numbers.map([](int x) { return -x; }); },
        options);
      CHECK(batches == std::vector<std::vector<int>>{{-1, -2, -3, -4}, {}, {-5}});
    }
  }

  TEST_CASE("word count gives the same counts on every shape") {
    for (auto& options : all_shapes()) {
      auto batches = run_batches<std::string>(
        {{"hello world", "hello"}, {"a b a", "", "b"}},
        [](auto lines) {
          return lines.flat_map(split_words)
            .map([](const std::string& word) {
              return std::pair{word, std::int64_t{1}};
            })
            .reduce_by_key(std::plus{});
        },
        options);
      CHECK(sorted(std::move(batches)) ==
            std::vector<pairs>{{{"hello", 2}, {"world", 1}}, {{"a", 2}, {"b", 2}}});
    }
  }

  TEST_CASE("two inputs go into one pipeline") {
    for (auto& options : all_shapes()) {
      auto batches = run_batches<int, int>(
        {{1, 2}, {3}}, {{10}, {20, 30}, {40}},
        [](auto a, auto b) { return a.union_with(b.map([](int x) { return x + 1; })); }, options);
      CHECK(batches == std::vector<std::vector<int>>{{1, 2, 11}, {3, 21, 31}, {41}});
    }
  }

  TEST_CASE("more batches than inputs are empty, fewer leave inputs out") {
    run_options options;
    options.num_batches = 3;
    auto twice = [](auto numbers) { return numbers.map([](int x) { return 2 * x; }); };
    CHECK(run_batches<int>({{1}}, twice, options) == std::vector<std::vector<int>>{{2}, {}, {}});
    options.num_batches = 1;
    CHECK(run_batches<int>({{1}, {2}, {3}}, twice, options) == std::vector<std::vector<int>>{{2}});
  }

  TEST_CASE("records may be of a type without an encoding") {
    struct point {
      int x, y;
    };
    for (auto& options : all_shapes()) {
      auto batches = run_batches<int>(
        {{1, 2, 3}},
        [](auto numbers) {
          return numbers.map([](int x) {
                          return point{x, x * x};
                        })
            .repartition(2)
            .persist()
            .filter([](const point& p) { return p.x != 2; })
            .map([](const point& p) { return p.y; });
        },
        options);
      REQUIRE(batches.size() == 1);
      std::sort(batches[0].begin(), batches[0].end());
      CHECK(batches[0] == std::vector<int>{1, 9});
    }
  }

  TEST_CASE("the batch interval gives batches their times, from zero on") {
    run_options options;
    options.batch_interval = 250ms;
    options.num_batches = 3;
    std::vector<std::int64_t> times;
    run_batches<int>(
      {},
      [&](auto numbers) {
        return numbers.transform([&](const rdd<int>& batch, batch_time t) {
          times.push_back(to_millis(t));
          return batch;
        });
      },
      options);
    CHECK(times == std::vector<std::int64_t>{250, 500, 750});
  }

  TEST_CASE("what a batch fails with is thrown") {
    log::set_level(log::level::off);
    auto [code, text] = test::thrown_by([] {
      run_batches<int>({{1}}, [](auto numbers) {
        return numbers.map([](int x) -> int { throw std::runtime_error{std::to_string(x)}; });
      });
    });
    CHECK(code == errc::task_failed);
    CHECK(test::contains(text, "attempt 4"));
  }

  TEST_CASE("a driver runs some batches, and some more") {
    testing::batch_driver driver{{}};
    auto batches =
      testing::collect_batches(testing::stream_of<int>(driver.context(), {{1}, {2}, {3}}, 3, 2));
    driver.run(1);
    CHECK(*batches == std::vector<std::vector<int>>{{1}});
    driver.run(2);
    CHECK(*batches == std::vector<std::vector<int>>{{1}, {2}, {3}});
  }

  TEST_CASE("a context that stops meanwhile is told of, not waited for") {
    testing::batch_driver driver{{}};
    auto& context = driver.context();
    testing::stream_of<int>(context, {{1}, {2}, {3}}, 3, 2).foreach_rdd([&](const rdd<int>&) {
      context.stop({.gracefully = false});
    });
    CHECK(test::thrown_by([&] { driver.run(3); }).first == errc::stopped);
  }

  TEST_CASE("a temporary folder is there, empty, and another one each time") {
    auto one = testing::temp_dir(), two = testing::temp_dir();
    CHECK(one != two);
    CHECK(std::filesystem::is_empty(one));
    CHECK(std::filesystem::is_empty(two));
  }
}
