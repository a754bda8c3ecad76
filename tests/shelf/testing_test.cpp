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

dstream<std::size_t> sizes(const dstream<std::string_view>& words) {
  return words.map([](std::string_view word) { return word.size(); });
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

  TEST_CASE("input batches are cut into equal runs, empty ones too") {
    run_options options;
    options.input_partitions = 3;
    auto batches = run_batches<int>(
      {{1, 2, 3, 4, 5}, {}, {6}}, [](auto numbers) { return numbers.glom(); }, options);
    using runs = std::vector<std::vector<int>>;
    CHECK(batches == std::vector<runs>{{{1}, {2, 3}, {4, 5}}, {{}, {}, {}}, {{}, {}, {6}}});
  }

  TEST_CASE("a stream that slides has a batch for each of its slides") {
    for (auto& options : all_shapes()) {
      auto sums = run_batches<int>(
        {{1}, {2}, {4}, {8}, {16}},
        [](auto numbers) { return numbers.reduce_by_window(std::plus{}, 3s, 2s); }, options);
      CHECK(sums == std::vector<std::vector<int>>{{1 + 2}, {2 + 4 + 8}});
    }
  }

  TEST_CASE("the pipeline may be a function, and its input views or what can only be moved") {
    CHECK(run_batches<std::string_view>({{"a", "bb"}}, sizes) ==
          std::vector<std::vector<std::size_t>>{{1, 2}});
    std::vector<std::vector<std::unique_ptr<int>>> inputs(2);
    inputs[1].push_back(std::make_unique<int>(7));
    auto values = run_batches<std::unique_ptr<int>>(std::move(inputs), [](auto pointers) {
      return pointers.map([](const std::unique_ptr<int>& x) { return *x; });
    });
    CHECK(values == std::vector<std::vector<int>>{{}, {7}});
  }

  TEST_CASE("without inputs there are no batches") {
    CHECK(run_batches<int>({}, [](auto numbers) { return numbers; }).empty());
  }

  TEST_CASE("a driver goes on where it was") {
    testing::batch_driver driver{run_options{}};
    auto factor = driver.context().broadcast(1);
    auto numbers = testing::stream_of<int>(driver.context(), {{1, 2}, {3}, {4}}, 4, 2);
    auto products = numbers.map([factor](int x) { return x * factor.value(); });
    auto batches = testing::collect_batches(products);
    driver.run(1);
    CHECK(*batches == std::vector<std::vector<int>>{{1, 2}});
    factor.update(10);
    driver.run(2);
    driver.run(0);
    factor.update(100);
    driver.run(1);
    CHECK(*batches == std::vector<std::vector<int>>{{1, 2}, {30}, {40}, {}});
  }

  TEST_CASE("what a batch fails with is thrown, and the next one may be run") {
    testing::batch_driver driver{run_options{}};
    auto numbers = testing::stream_of<int>(driver.context(), {{0}, {1}, {0}, {1}, {0}}, 5, 1);
    auto batches = testing::collect_batches(numbers.map([](int x) {
      if (x != 0)
        throw std::runtime_error{"not one"};
      return x;
    }));
    for (int failed = 1; failed <= 2; ++failed) {
      auto [code, text] = test::thrown_by([&] { driver.run(5); });
      CHECK(code == errc::task_failed);
      CHECK(test::contains(text, "not one"));
      CHECK(batches->size() == failed);
    }
    driver.run(1);
    CHECK(batches->size() == 3);
  }

  TEST_CASE(
    "of several outputs that fail in a batch the first failure is thrown, and with it only") {
    testing::batch_driver driver{run_options{}};
    auto numbers = testing::stream_of<int>(driver.context(), {{1}, {2}}, 2, 1);
    for (auto name : {"first", "second"})
      numbers.foreach_rdd([name](const auto& batch) {
        if (batch.first() == 1)
          throw std::runtime_error{name};
      });
    CHECK_THROWS_WITH(driver.run(1), "first");
    CHECK_NOTHROW(driver.run(1));
  }

  TEST_CASE("what a batch fails with is thrown") {
    auto [code, text] = test::thrown_by([] {
      run_batches<int>({{1}}, [](auto numbers) {
        return numbers.map([](int x) -> int { throw std::runtime_error{std::to_string(x)}; });
      });
    });
    CHECK(code == errc::task_failed);
    CHECK(test::contains(text, "foreach_rdd at testing_test.cpp:"));
    CHECK(test::contains(text, "attempt 4"));
  }

  TEST_CASE("what a function on the driver throws is thrown as it is") {
    auto fail = [](const rdd<int>&) -> rdd<int> { throw std::runtime_error{"no batch"}; };
    CHECK_THROWS_WITH_AS(
      run_batches<int>({{1}}, [&](auto numbers) { return numbers.transform(fail); }), "no batch",
      std::runtime_error);
  }

  TEST_CASE("a pipeline that cannot be made is refused") {
    auto same = [](auto numbers) { return numbers; };
    CHECK_THROWS_WITH_AS(run_batches<int>({{1}},
                                          [](auto numbers) {
                                            throw std::runtime_error{"no pipeline"};
                                            return numbers;
                                          }),
                         "no pipeline", std::runtime_error);
    auto [code, text] = test::thrown_by([] {
      run_batches<int>({{1}}, [](auto numbers) {
        auto both =
          numbers.named("one").union_with(numbers.map([](int x) { return x; }).named("one"));
        return both;
      });
    });
    CHECK(code == errc::invalid_graph);
    auto code_with = [&](auto change) {
      run_options options;
      change(options);
      return test::thrown_by([&] { run_batches<int>({{1}}, same, options); }).first;
    };
    CHECK(code_with([](auto& x) { x.input_partitions = 0; }) == errc::invalid_argument);
    CHECK(code_with([](auto& x) { x.workers = 0; }) == errc::invalid_setting);
    CHECK(code_with([](auto& x) { x.batch_interval = 0ms; }) == errc::invalid_argument);
    auto folder = testing::temp_dir();
    CHECK(code_with([&](auto& x) { x.checkpoint_dir = folder; }) == errc{0});
    CHECK(std::filesystem::is_empty(folder));
  }

  TEST_CASE("warnings of what may come in service are not logged") {
    std::vector<std::string> said;
    log::set_sink([&](log::level, std::string_view text) { said.emplace_back(text); });
    run_batches<int>({{1}}, [](auto numbers) {
      return numbers.map([](int x) {
                      return std::pair{x, x};
                    })
        .reduce_by_key_and_window(std::plus{}, std::minus{}, 2s);
    });
    log::set_sink({});
    CHECK(said.empty());
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
