#include "caf_stream/testing.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "support/engine_shapes.hpp"

// Every operator of dstream, on the real engine, on several shapes. The cases named in brackets are
// those of Spark's own tests.

using namespace caf_stream;
using caf_stream::testing::run_batches;
using test::on_all_shapes;
using test::sorted;

namespace {

using batches_of_int = std::vector<std::vector<int>>;
using counts = std::vector<std::pair<std::string, std::int64_t>>;

const batches_of_int numbers{{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};

} // namespace

TEST_SUITE("shelf.operators") {
  TEST_CASE("map gives what its function gives, in order [basic.map]") {
    on_all_shapes([](auto options) {
      auto result = run_batches<int>(
        numbers, [](auto s) { return s.map([](int x) { return std::to_string(x); }); }, options);
      CHECK(result == std::vector<std::vector<std::string>>{
                        {"1", "2", "3", "4"}, {"5", "6", "7", "8"}, {"9", "10", "11", "12"}});
    });
  }

  TEST_CASE("flat_map takes ranges and emitters [basic.flatMap]") {
    on_all_shapes([](auto options) {
      const batches_of_int expected{
        {1, 2, 2, 4, 3, 6, 4, 8}, {5, 10, 6, 12, 7, 14, 8, 16}, {9, 18, 10, 20, 11, 22, 12, 24}};
      auto ranges = [](auto s) {
        return s.flat_map([](int x) { return std::vector<int>{x, 2 * x}; });
      };
      auto emitted = [](auto s) {
        return s.template flat_map<int>([](int x, auto& emit) {
          emit(x);
          emit(2 * x);
        });
      };
      CHECK(run_batches<int>(numbers, ranges, options) == expected);
      CHECK(run_batches<int>(numbers, emitted, options) == expected);
    });
  }

  TEST_CASE("filter keeps what passes [basic.filter]") {
    on_all_shapes([](auto options) {
      auto result = run_batches<int>(
        numbers, [](auto s) { return s.filter([](int x) { return x % 2 == 0; }); }, options);
      CHECK(result == batches_of_int{{2, 4}, {6, 8}, {10, 12}});
    });
  }

  TEST_CASE("map_partitions sees the partitions [basic.mapPartitions]") {
    auto result = run_batches<int>(numbers, [](auto s) {
      return s.map_partitions([](auto records) {
        int sum = 0;
        for (int x : records)
          sum += x;
        return std::vector<int>{sum};
      });
    });
    CHECK(result == batches_of_int{{3, 7}, {11, 15}, {19, 23}});
  }

  TEST_CASE("repartition gives exactly as many partitions [basic.repartition]") {
    on_all_shapes([](auto options) {
      std::vector<std::vector<int>> input(1);
      for (int i = 0; i < 100; ++i)
        input[0].push_back(i);
      for (std::uint32_t n : {2u, 5u}) {
        std::atomic<std::uint32_t> seen{0};
        auto result = run_batches<int>(
          input,
          [&](auto s) {
            return s.repartition(n).transform([&seen](const auto& batch) {
              seen = batch.partitions();
              return batch;
            });
          },
          options);
        CHECK(seen == n);
        CHECK(sorted(result) == input);
      }
    });
  }

  TEST_CASE("count is one record a batch, also of none") {
    on_all_shapes([](auto options) {
      auto result = run_batches<int>(
        {{}, {1}, {1, 2, 3}}, [](auto s) { return s.count(); }, options);
      CHECK(result == std::vector<std::vector<std::int64_t>>{{0}, {1}, {3}});
    });
  }

  TEST_CASE("reduce gives one record, and none of none") {
    on_all_shapes([](auto options) {
      auto result = run_batches<int>(
        {{1, 2, 3, 4}, {}, {7}}, [](auto s) { return s.reduce(std::plus{}); }, options);
      CHECK(result == batches_of_int{{10}, {}, {7}});
    });
  }

  TEST_CASE("count_by_value counts each value [basic.countByValue]") {
    on_all_shapes([](auto options) {
      auto result = run_batches<std::string>(
        {{"a", "b", "a"}, {}, {"", ""}}, [](auto s) { return s.count_by_value(); }, options);
      CHECK(sorted(result) == std::vector<counts>{{{"a", 2}, {"b", 1}}, {}, {{"", 2}}});
    });
  }

  TEST_CASE("reduce_by_key reduces the values of each key [basic.reduceByKey]") {
    on_all_shapes([](auto options) {
      auto result = run_batches<std::string>(
        {{"a", "a", "b"}, {"", ""}, {}},
        [](auto s) {
          return s.map([](const std::string& x) {
                    return std::pair{x, std::int64_t{1}};
                  })
            .reduce_by_key(std::plus{});
        },
        options);
      CHECK(sorted(result) == std::vector<counts>{{{"a", 2}, {"b", 1}}, {{"", 2}}, {}});
    });
  }

  TEST_CASE("reduce_by_key takes a number of partitions and a partitioner") {
    struct all_to_second {
      std::uint32_t count() const { return 3; }
      std::uint32_t operator()(const int&) const { return 1; }
    };
    auto pairs = [](auto s) { return s.map([](int x) { return std::pair{x % 3, x}; }); };
    auto of_n = run_batches<int>(numbers, [&](auto s) {
      return pairs(s).reduce_by_key(std::plus{}, 4).map_partitions([](auto records) {
        int n = 0;
        for (auto& x : records)
          n += x.first >= 0;
        return std::vector<int>{n};
      });
    });
    auto of_p = run_batches<int>(numbers, [&](auto s) {
      return pairs(s).reduce_by_key(std::plus{}, all_to_second{}).map_partitions([](auto records) {
        int n = 0;
        for (auto& x : records)
          n += x.first >= 0;
        return std::vector<int>{n};
      });
    });
    for (auto& batch : of_n)
      CHECK(batch.size() == 4);
    CHECK(of_p == batches_of_int{{0, 3, 0}, {0, 3, 0}, {0, 3, 0}});
  }

  TEST_CASE("map_values leaves keys as they are") {
    on_all_shapes([](auto options) {
      auto result = run_batches<std::pair<int, int>>(
        {{{1, 2}, {3, 4}}}, [](auto s) { return s.map_values([](int v) { return v * 10; }); },
        options);
      CHECK(result == std::vector<std::vector<std::pair<int, int>>>{{{1, 20}, {3, 40}}});
    });
  }

  TEST_CASE("union_with gives the records of both, this one's first") {
    on_all_shapes([](auto options) {
      auto result = run_batches<int, int>(
        numbers, {{101}, {}, {102, 103}}, [](auto a, auto b) { return a.union_with(b); }, options);
      CHECK(result == batches_of_int{{1, 2, 3, 4, 101}, {5, 6, 7, 8}, {9, 10, 11, 12, 102, 103}});
    });
  }

  TEST_CASE("transform runs on the driver, with the time where it asks for it") {
    on_all_shapes([](auto options) {
      std::vector<std::int64_t> times;
      auto result = run_batches<int>(
        numbers,
        [&](auto s) {
          return s.transform([&times](const rdd<int>& batch, batch_time t) {
            times.push_back(to_millis(t));
            auto n = batch.count(); // an action inside
            return batch.map([n](int x) { return static_cast<int>(n) * x; });
          });
        },
        options);
      CHECK(times == std::vector<std::int64_t>{1000, 2000, 3000});
      CHECK(result == batches_of_int{{4, 8, 12, 16}, {20, 24, 28, 32}, {36, 40, 44, 48}});
    });
  }

  TEST_CASE("a persisted stream is computed once for two readers") {
    on_all_shapes([](auto options) {
      std::atomic<int> computed{0};
      auto result = run_batches<int>(
        numbers,
        [&](auto s) {
          auto doubled = s.map([&computed](int x) {
                            ++computed;
                            return 2 * x;
                          })
                           .persist();
          doubled.foreach_rdd([](const rdd<int>& batch) { batch.count(); });
          return doubled;
        },
        options);
      CHECK(result == batches_of_int{{2, 4, 6, 8}, {10, 12, 14, 16}, {18, 20, 22, 24}});
      CHECK(computed == 12);
    });
  }

  TEST_CASE("words of owned lines are owned, words of views are views") {
    static_assert(std::is_same_v<decltype(std::declval<dstream<std::string>>().flat_map(
                                   split_words))::value_type,
                                 std::string>);
    static_assert(std::is_same_v<decltype(std::declval<dstream<std::string_view>>().flat_map(
                                   split_words))::value_type,
                                 std::string_view>);
    on_all_shapes([](auto options) {
      auto count_words = [](auto s) {
        return s.flat_map(split_words)
          .map([](const auto& word) {
            return std::pair{word, std::int64_t{1}};
          })
          .reduce_by_key(std::plus{});
      };
      const std::vector<counts> expected{{{"be", 2}, {"not", 1}, {"or", 1}, {"to", 2}}};
      CHECK(sorted(run_batches<std::string>({{" to be\tor", "not  to be\n"}}, count_words,
                                            options)) == expected);
      CHECK(sorted(run_batches<std::string_view>({{" to be\tor", "not  to be\n"}}, count_words,
                                                 options)) == expected);
    });
  }

  TEST_CASE("records without an encoding work inside a node") {
    struct point {
      int x;
      int y;
    };
    on_all_shapes([](auto options) {
      auto result = run_batches<int>(
        numbers,
        [](auto s) {
          return s.map([](int x) {
                    return point{x, 2 * x};
                  })
            .filter([](const point& p) { return p.x > 2; })
            .map([](const point& p) { return p.y; });
        },
        options);
      CHECK(result == batches_of_int{{6, 8}, {10, 12, 14, 16}, {18, 20, 22, 24}});
    });
  }

  TEST_CASE("saved batches are folders with a part for each partition") {
    auto folder = caf_stream::testing::temp_dir();
    caf_stream::testing::run_options options;
    caf_stream::testing::batch_driver driver{options};
    auto stream = caf_stream::testing::stream_of<int>(driver.context(), {{1, 2, 3}, {}}, 2, 2);
    stream.map([](int x) {
            return std::pair{x, x * x};
          })
      .save_as_text_files(folder + "/out", "txt");
    driver.run(2);
    std::ostringstream content;
    content << std::ifstream{folder + "/out-1000.txt/part-00000"}.rdbuf()
            << std::ifstream{folder + "/out-1000.txt/part-00001"}.rdbuf();
    CHECK(content.str() == "(1,1)\n(2,4)\n(3,9)\n");
    CHECK(std::filesystem::exists(folder + "/out-1000.txt/_SUCCESS"));
    CHECK(std::filesystem::exists(folder + "/out-2000.txt/_SUCCESS"));
    CHECK_FALSE(std::filesystem::exists(folder + "/out-1000.txt/_temporary"));
  }

  TEST_CASE("foreach_partition runs where the data is and names what it hands out") {
    std::mutex mutex;
    std::map<std::pair<std::int64_t, partition_id>, int> sums;
    std::set<std::string> uids;
    caf_stream::testing::batch_driver driver{{}};
    auto stream = caf_stream::testing::stream_of<int>(driver.context(), numbers, 3, 2);
    stream.foreach_partition([&](auto& records, const output_id& id) {
      int sum = 0;
      for (int x : records)
        sum += x;
      std::lock_guard guard{mutex};
      sums[{to_millis(id.batch_time), id.partition}] += sum;
      uids.insert(id.output_uid);
    });
    driver.run(3);
    CHECK(uids.size() == 1);
    CHECK(sums == std::map<std::pair<std::int64_t, partition_id>, int>{{{1000, 0}, 3},
                                                                       {{1000, 1}, 7},
                                                                       {{2000, 0}, 11},
                                                                       {{2000, 1}, 15},
                                                                       {{3000, 0}, 19},
                                                                       {{3000, 1}, 23}});
  }
}
