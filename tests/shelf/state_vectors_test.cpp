#include "caf_stream/testing.hpp"

#include <functional>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/engine.hpp"
#include "support/engine_shapes.hpp"
#include "support/vectors.hpp"

// Inputs and results of operators with state, from tests/vectors/state.json: each names one of the
// pipelines below, which gets its words with a 1 beside each. Records are in no order. The file
// also lists what is tested elsewhere, and why.

using namespace caf_stream;
using caf_stream::testing::batch_driver;
using caf_stream::testing::collect_batches;
using caf_stream::testing::run_options;
using caf_stream::testing::stream_of;
using nlohmann::json;
using test::on_all_shapes;
using test::read_vectors;
using test::sorted;
using test::sorted_batches;

namespace {

using ones = dstream<std::pair<std::string, int>>;
using words = std::vector<std::vector<std::string>>;

/// What comes out: the batches of the stream, and of the snapshots where there are some.
struct outcome {
  json batches;
  json snapshots;
};

using pipeline = std::function<outcome(batch_driver&, const ones&, const json& vector)>;

template <class Stream>
std::function<json()> watch(const Stream& stream) {
  return [batches = collect_batches(stream)] { return json(sorted(*batches)); };
}

std::optional<int> add(std::span<const int> values, std::optional<int> before) {
  auto sum = before.value_or(0);
  for (int x : values)
    sum += x;
  return sum;
}

int add_one(std::optional<int> value, state<int>& sum) {
  sum.update(value.value_or(0) + sum.get_option().value_or(0));
  return sum.get();
}

template <class F>
pipeline updated(F f) {
  return [f](batch_driver& driver, const ones& s, const json& vector) {
    auto batches = watch(f(s));
    driver.run(vector.at("inputs").size());
    return outcome{batches(), nullptr};
  };
}

template <class Mapped>
outcome run_mapped(batch_driver& driver, const Mapped& stream, const json& vector) {
  auto batches = watch(stream);
  auto snapshots = watch(stream.state_snapshots());
  driver.run(vector.at("inputs").size());
  return {batches(), snapshots()};
}

template <class F>
pipeline mapped(F f) {
  return [f](batch_driver& driver, const ones& s, const json& vector) {
    return run_mapped(driver, s.map_with_state(state_spec(f)), vector);
  };
}

using number = std::pair<std::string, int>;

/// Does what a word says to the state of its key. Each call gives the word and what the state was,
/// -1 where there was none.
number obey(const std::string&, const std::optional<std::string>& word, state<int>& seen) {
  auto before = seen.get_option().value_or(-1);
  if (seen.is_timing_out())
    return {word ? "timing out with a word" : "timing out", before};
  if (word == "update")
    seen.update(seen.exists() ? before + 1 : 0);
  else if (word == "remove")
    seen.remove();
  return {word.value(), before};
}

/// All words are of one key. States of the vector's "initial" are touched in the first batch.
outcome run_obeyed(batch_driver& driver, const ones& s, const json& vector) {
  auto words_of_k = s.map([](const number& x) { return std::pair{std::string{"k"}, x.first}; });
  auto spec = state_spec(obey).initial_state(vector.at("initial").get<std::vector<number>>());
  if (vector.contains("timeout"))
    spec = spec.timeout(duration{vector.at("timeout").get<int>()});
  return run_mapped(driver, words_of_k.map_with_state(spec), vector);
}

const std::map<std::string, pipeline> pipelines{
  {"sum of ones by key", updated([](const ones& s) { return s.update_state_by_key(add); })},
  {"sum of ones by key, from a 1 and c 2", updated([](const ones& s) {
     std::vector<std::pair<std::string, int>> initial{{"a", 1}, {"c", 2}};
     return s.update_state_by_key(add, s.context().make_rdd(initial), 2);
   })},
  {"emit the count", mapped([](const std::string&, std::optional<int> value, state<int>& sum) {
     return add_one(value, sum);
   })},
  {"emit the key twice", mapped([](batch_time, const std::string& key, std::optional<int> value,
                                   state<int>& sum) -> std::optional<std::string> {
     add_one(value, sum);
     return key + key;
   })},
  {"emit the key and the count",
   mapped([](batch_time, const std::string& key, std::optional<int> value,
             state<int>& sum) -> std::optional<std::pair<std::string, int>> {
     return std::pair{key, add_one(value, sum)};
   })},
  {"do what the words say", run_obeyed},
};

} // namespace

TEST_SUITE("shelf.state_vectors") {

  TEST_CASE("operators with state give what the vectors say, on every shape") {
    auto all = read_vectors("state.json");
    std::set<std::string> used;
    for (auto& vector : all.at("vectors")) {
      used.insert(vector.at("pipeline").get<std::string>());
      on_all_shapes([&](auto options) {
        CAPTURE(vector.at("name"));
        auto run = pipelines.find(vector.at("pipeline").get<std::string>());
        REQUIRE(run != pipelines.end());
        auto inputs = vector.at("inputs").get<words>();
        batch_driver driver{options};
        auto stream = stream_of(driver.context(), inputs, inputs.size(), options.input_partitions)
                        .map([](const std::string& x) {
                          return std::pair{x, 1};
                        });
        auto result = run->second(driver, stream, vector);
        CHECK(sorted_batches(result.batches) == sorted_batches(vector.at("expected")));
        if (vector.contains("expected_snapshots"))
          CHECK(sorted_batches(result.snapshots) ==
                sorted_batches(vector.at("expected_snapshots")));
      });
    }
    CHECK(used.size() == pipelines.size());
  }

  TEST_CASE("what the list of states says is tested elsewhere is") {
    test::check_elsewhere(read_vectors("state.json"));
  }

  TEST_CASE("slices include both ends and are aligned down") {
    on_all_shapes([](auto options) {
      batch_driver driver{options};
      driver.context().remember(duration{10'000});
      auto stream =
        stream_of<int>(driver.context(), {{1}, {2}, {3}, {4}}, 4, options.input_partitions);
      stream.foreach_rdd([](const rdd<int>&) {});
      auto slice = [&](int from, int to) {
        std::vector<int> records;
        for (auto& batch : stream.slice(from_millis(from), from_millis(to)))
          for (int x : batch.collect())
            records.push_back(x);
        return records;
      };
      auto early = test::thrown_by([&] { slice(0, 1000); });
      CHECK(early.first == errc::invalid_state);
      CHECK(test::contains(early.second, "before the context has started"));
      driver.run(4);
      CHECK(slice(0, 1000) == std::vector<int>{1});
      CHECK(slice(0, 2000) == std::vector<int>{1, 2});
      CHECK(slice(1000, 2000) == std::vector<int>{1, 2});
      CHECK(slice(2000, 4000) == std::vector<int>{2, 3, 4});
      CHECK(slice(2999, 3999) == std::vector<int>{2, 3}); // aligned down
      CHECK(slice(4000, 9000) == std::vector<int>{4});    // those that have begun
      CHECK(slice(3000, 2000).empty());
    });
  }

  TEST_CASE("a slice of batches that are not remembered is refused") {
    batch_driver driver{run_options{}};
    auto stream = stream_of<int>(driver.context(), {{1}, {2}, {3}}, 3, 2);
    stream.foreach_rdd([](const rdd<int>&) {});
    driver.run(3);
    auto [code, text] =
      test::thrown_by([&] { stream.slice(from_millis(1000), from_millis(1000)); });
    CHECK(code == errc::invalid_state);
    CHECK(test::contains(text, "not remembered any more"));
  }

} // TEST_SUITE
