#include "caf_stream/testing.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/vectors.hpp"

// Inputs and results of operators on streams, from tests/vectors/operators.json: each names one of
// the pipelines below.

using namespace caf_stream;
using namespace std::chrono_literals;
using caf_stream::testing::run_batches;
using caf_stream::testing::run_options;
using nlohmann::json;
using test::read_vectors;
using test::sorted_batches;

namespace {

// -- results as JSON: pairs and lists are arrays, what lacks is null -----------------------------

template <class T>
json as_json(const T& x) {
  return json(x);
}

template <class A, class B>
json as_json(const std::pair<A, B>& x);

template <class T>
json as_json(const std::optional<T>& x) {
  return x ? as_json(*x) : json(nullptr);
}

template <class T>
json as_json(const std::vector<T>& xs) {
  auto result = json::array();
  for (auto& x : xs)
    result.push_back(as_json(x));
  return result;
}

template <class A, class B>
json as_json(const std::pair<A, B>& x) {
  return json::array({as_json(x.first), as_json(x.second)});
}

// -- pipelines ------------------------------------------------------------------------------------

using pipeline = std::function<json(const json& inputs, const run_options&)>;

template <class T>
std::vector<std::vector<T>> batches_of(const json& input) {
  return input.get<std::vector<std::vector<T>>>();
}

template <class T, class F>
pipeline on_one(F f) {
  return [f](const json& inputs, const run_options& options) {
    return as_json(run_batches<T>(batches_of<T>(inputs.at(0)), f, options));
  };
}

using numbers = dstream<int>;
using words = dstream<std::string>;
using count = std::pair<std::string, int>;
using ones = dstream<count>;
using marks = dstream<std::pair<std::string, std::string>>;

ones with_one(const words& s) {
  return s.map([](const std::string& x) { return std::pair{x, 1}; });
}

/// On the words of one stream, each beside 1, and those of another, each beside "x".
template <class F>
pipeline on_two(F f) {
  return [f](const json& inputs, const run_options& options) {
    auto both = [f](const words& left, const words& right) {
      return f(with_one(left), right.map([](const std::string& x) {
        return std::pair{x, std::string{"x"}};
      }));
    };
    return as_json(run_batches<std::string, std::string>(
      batches_of<std::string>(inputs.at(0)), batches_of<std::string>(inputs.at(1)), both, options));
  };
}

std::vector<numbers> plus_0_4_8(const numbers& s) {
  return {s, s.map([](int x) { return x + 4; }), s.map([](int x) { return x + 8; })};
}

std::string text(int x) { return std::to_string(x); }

std::atomic<std::uint32_t> seen_partitions;

const std::map<std::string, pipeline> pipelines{
  {"map to text", on_one<int>([](const numbers& s) { return s.map(text); })},
  {"flat_map to x and 2x", on_one<int>([](const numbers& s) {
     return s.flat_map([](int x) { return std::vector{x, 2 * x}; });
   })},
  {"filter even",
   on_one<int>([](const numbers& s) { return s.filter([](int x) { return x % 2 == 0; }); })},
  {"glom", on_one<int>([](const numbers& s) { return s.glom(); })},
  {"map_partitions to sums", on_one<int>([](const numbers& s) {
     return s.map_partitions([](auto& records) {
       int sum = 0;
       for (int x : records)
         sum += x;
       return std::vector{sum};
     });
   })},
  {"repartition 5", on_one<int>([](const numbers& s) {
     return s.repartition(5).transform([](const rdd<int>& batch) {
       seen_partitions = batch.partitions();
       return batch;
     });
   })},
  {"group_by_key of ones",
   on_one<std::string>([](const words& s) { return with_one(s).group_by_key(); })},
  {"reduce_by_key of ones",
   on_one<std::string>([](const words& s) { return with_one(s).reduce_by_key(std::plus{}); })},
  {"reduce", on_one<int>([](const numbers& s) { return s.reduce(std::plus{}); })},
  {"count", on_one<int>([](const numbers& s) { return s.count(); })},
  {"map_values plus 10 of counts", on_one<std::string>([](const words& s) {
     return with_one(s).reduce_by_key(std::plus{}).map_values([](int v) { return v + 10; });
   })},
  {"union_with plus 4",
   on_one<int>([](const numbers& s) { return s.union_with(s.map([](int x) { return x + 4; })); })},
  {"union_all of plus 0, 4, 8",
   on_one<int>([](const numbers& s) { return s.context().union_all(plus_0_4_8(s)); })},
  {"transform to text", on_one<int>([](const numbers& s) {
     return s.transform([](const rdd<int>& batch) { return batch.map(text); });
   })},
  {"transform of plus 0, 4, 8", on_one<int>([](const numbers& s) {
     auto concatenate = [](const std::vector<rdd<int>>& batches, batch_time) {
       return batches.at(0).union_with(batches.at(1)).union_with(batches.at(2));
     };
     return s.context().transform(plus_0_4_8(s), concatenate);
   })},
  {"transform_with join", on_two([](const ones& left, const marks& right) {
     return left.transform_with(right, [](const auto& a, const auto& b) { return a.join(b); });
   })},
  {"cogroup", on_two([](const ones& left, const marks& right) { return left.cogroup(right); })},
  {"join", on_two([](const ones& left, const marks& right) { return left.join(right); })},
  {"left_outer_join",
   on_two([](const ones& left, const marks& right) { return left.left_outer_join(right); })},
  {"window 2 s, 1 s", on_one<int>([](const numbers& s) { return s.window(2s, 1s); })},
  {"window 2 s, 2 s", on_one<int>([](const numbers& s) { return s.window(2s, 2s); })},
  {"reduce_by_key_and_window 2 s, 1 s", on_one<count>([](const dstream<count>& s) {
     return s.reduce_by_key_and_window(std::plus{}, 2s, 1s);
   })},
  {"reduce_by_key_and_window with inverse 2 s, 1 s", on_one<count>([](const dstream<count>& s) {
     return s.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s, 1s);
   })},
  {"count_by_window 2 s, 1 s",
   on_one<int>([](const numbers& s) { return s.count_by_window(2s, 1s); })},
};

void check(const json& vector, const run_options& options) {
  CAPTURE(vector.at("name"));
  CAPTURE(options.workers);
  CAPTURE(options.partitions);
  auto run = pipelines.find(vector.at("pipeline").get<std::string>());
  REQUIRE(run != pipelines.end());
  seen_partitions = 0;
  auto result = run->second(vector.at("inputs"), options);
  if (vector.at("ordered").get<bool>())
    CHECK(result == vector.at("expected"));
  else
    CHECK(sorted_batches(result) == sorted_batches(vector.at("expected")));
  if (vector.contains("output_partitions"))
    CHECK(seen_partitions == vector.at("output_partitions").get<std::uint32_t>());
}

} // namespace

TEST_SUITE("shelf.operator_vectors") {

  TEST_CASE("operators give what the vectors say, on every shape") {
    auto vectors = read_vectors("operators.json");
    std::set<std::string> used;
    for (auto& vector : vectors)
      used.insert(vector.at("pipeline").get<std::string>());
    CHECK(used.size() == pipelines.size());
    for (auto& vector : vectors)
      for (std::size_t workers : {1u, 2u, 5u})
        for (std::size_t partitions : {1u, 2u, 7u}) {
          run_options options;
          options.workers = workers;
          options.partitions = partitions;
          options.input_partitions = vector.value("input_partitions", partitions);
          check(vector, options);
        }
  }

} // TEST_SUITE
