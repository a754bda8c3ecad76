#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/source_folder.hpp"
#include "support/temp_folder.hpp"

// Programs that must not compile, and the one sentence that says why.

namespace {

struct refusal {
  std::string program;
  std::string sentence; ///< how it begins
};

const std::vector<refusal> refusals{
  {"lines.map([n = 0](std::string_view) mutable { return ++n; });",
   "this function changes itself when it is called"},
  {"lines.map([](int x) { return x; });", "map calls f(const T&)"},
  {"lines.map([](std::string_view) {});", "this function returns nothing"},
  {"lines.map([](std::string_view x) { return std::pair{\"odd\", x}; });",
   "raw pointers cannot be records"},
  {"owned.map([](std::string x) { return std::string_view{x}; });",
   "this function takes an owning record by value and returns a view of it"},
  {"lines.flat_map([](int x) { return x; });", "flat_map calls f(const T&)"},
  {"lines.flat_map([](std::string_view) { return 1; });", "flat_map expects f to return a range"},
  {"lines.flat_map<int>([](std::string_view) {});", "flat_map<U> calls f(const T&, emit)"},
  {"lines.flat_map<std::string_view>([](const auto&, auto& emit) { emit(std::string{}); });",
   "emit was given a temporary that owns memory"},
  {"lines.filter([](std::string_view x) { return x; });", "filter calls f(const T&)"},
  {"lines.map_partitions([](int) { return 1; });", "map_partitions calls f(records)"},
  {"lines.foreach([](int) {});", "foreach calls f(const T&)"},
  {"lines.foreach_partition([](int) {});", "foreach_partition calls f(records)"},
  {"only_moved.persist();",
   "filter, collect, glom, persist, windows and shuffles need copyable records"},
  {"struct fixed { const int x; };"
   " pairs.map_values([](int) { return fixed{1}; })"
   ".reduce_by_key([](fixed a, fixed) { return a; });",
   "reductions, sorting and states need values that can be assigned"},
  {"plain_records.count_by_value();", "a key needs an encoding"},
  {"lines.map_values([](int x) { return x; });", "operations by key need records of type"},
  {"pairs.map_values([](std::string_view x) { return x; });", "map_values calls f(const V&)"},
  {"pairs.reduce_by_key([](int& a, int b) { return a + b; });", "reductions call f(acc, value)"},
  {"pairs.reduce_by_key(std::plus{}, [](int) { return 1; });", "a partitioner has count()"},
  {"pairs.flat_map_values([](std::string x) { return x; });", "flat_map_values calls f(const V&)"},
  {"pairs.flat_map_values([](int) { return 1; });", "flat_map_values expects f to return a range"},
  {"pairs.flat_map_values<int>([](int) {});", "flat_map_values<U> calls f(const V&, emit)"},
  {"pairs.combine_by_key([](std::string x) { return x; }, std::plus{}, std::plus{});",
   "combine_by_key calls create(const V&)"},
  {"pairs.combine_by_key([](int x) { return x; }, [](std::string) { return 1; }, std::plus{});",
   "combine_by_key calls merge_value(acc, value)"},
  {"pairs.combine_by_key([](int x) { return x; }, std::plus{}, [](int) { return 1; });",
   "combine_by_key calls merge_combiners(acc, other)"},
  {"lines.group_by_key();", "operations by key need records of type"},
  {"plain_keys.group_by_key();", "a key needs an encoding"},
  {"pairs.group_by_key([](int) { return 1; });", "a partitioner has count()"},
  {"pairs.join(owned);", "operations by key need records of type"},
  {"pairs.join(numbered);", "both sides of a join must have keys of the same type"},
  {"lines.subtract(pairs);", "both sides must have records of the same type"},
  {"plain_records.distinct();", "a key needs an encoding"},
  {"lines.distinct(1.5);", "a partitioner has count()"},
  {"lines.sort_by([](int) { return 1; });", "sort_by calls f(const T&)"},
  {"plain_records.sort_by([](const plain& x) { return x; });", "sort_by needs keys with operator<"},
  {"owned.sort_by([](std::string x) { return std::string_view{x}; });",
   "this function takes an owning record by value and returns a view of it"},
  {"plain_records.top(3);", "top calls less(const T&, const T&)"},
  {"only_moved.sample(0.5);",
   "filter, collect, glom, persist, windows and shuffles need copyable records"},
  {"plain_records.save_as_object_file(\"x\");", "object files need records with an encoding"},
  {"plain_records.save_as_text_file(\"x\");", "records of this type have no text form"},
};

const std::vector<refusal> refused_sources{
  {"ssc.socket_stream<int>(\"host\", 1, [](int) { return 1; });",
   "the decoder of socket_stream<T> is called as const"},
  {"ssc.socket_stream<int>(\"host\", 1, [](std::string_view, auto emit) { emit(1); });",
   "the decoder of socket_stream<T> is called as const"},
  {"ssc.raw_socket_stream<plain>(\"host\", 1);", "the records of raw_socket_stream<T> come as"},
  {"ssc.file_stream<int>(\"dir\", [](int) {});", "the reader of file_stream<T> is called as const"},
  {"ssc.actor_stream<std::string_view>(\"name\");", "records that are sent to a stream are owned"},
  {"ssc.actor_stream<int>(\"name\", [](int) {});", "actor_stream<T>(name, f) calls f("},
};

constexpr auto head_of_sources = R"(#include "caf_stream/actor_stream.hpp"
namespace cs = caf_stream;
struct plain { int x; };
void f(cs::streaming_context& ssc) {
)";

const std::vector<refusal> stream_refusals{
  {"lines.transform([](int) { return 1; });", "transform and foreach_rdd call f(rdd)"},
  {"lines.transform([](auto&) { return 1; });", "transform expects f to return an rdd"},
  {"lines.transform_with(pairs, [](int) { return 1; });", "transform_with calls f(rdd, other_rdd)"},
  {"lines.transform_with(pairs, [](auto&, auto&) { return 1; });",
   "transform and transform_with expect f to return an rdd"},
  {"ssc.transform(std::vector{lines}, [](int) { return 1; });",
   "transform_with calls f(rdd, other_rdd) and transform of several streams"},
  {"pairs.join(numbered);", "both sides of a join must have keys of the same type"},
  {"pairs.reduce_by_key(std::plus{}, 1.5);", "a partitioner has count()"},
  {"lines.save_as_files(\"x\", \"\", [](int) {});", "save_as_files calls writer(records, out)"},
  {"lines.foreach_partition([](int) {});", "foreach_partition calls f(records, output_id)"},
  {"lines.update_state_by_key(add);", "operations by key need records of type"},
  {"pairs.update_state_by_key([](auto, auto x) { return x; });",
   "update_state_by_key cannot read the type of the state"},
  {"pairs.update_state_by_key([](std::string, std::optional<int> x) { return x; });",
   "update_state_by_key calls f(std::span<const V>, std::optional<S>)"},
  {"pairs.update_state_by_key([n = 0](std::span<const int>, std::optional<int> x) mutable { ++n; "
   "return x; });",
   "this function changes itself when it is called"},
  {"pairs.update_state_by_key([](std::span<const int>, std::optional<int>) { return \"no\"; });",
   "update_state_by_key expects f to return a std::optional<S>"},
  {"pairs.update_state_by_key([](std::span<const int>, std::optional<std::string_view> x) { return "
   "x; });",
   "a state lives longer than the batch"},
  {"pairs.update_state_by_key(add, std::vector{1});", "a state begins with pairs"},
  {"pairs.update_state_by_key(add, std::vector{std::pair{1, 1}});",
   "the pairs that a state begins with must have"},
  {"pairs.update_state_by_key(add, 1.5);", "a partitioner has count()"},
  {"lines.map_with_state(cs::state_spec(look));", "operations by key need records of type"},
  {"pairs.map_with_state(cs::state_spec([](auto&, auto, auto& s) { return s; }));",
   "map_with_state cannot read the type of the state"},
  {"pairs.map_with_state(cs::state_spec([](int, std::optional<int>, cs::state<int>&) { return 1; "
   "}));",
   "map_with_state calls f(const K&, std::optional<V>, state<S>&)"},
  {"pairs.map_with_state(cs::state_spec([](const std::string&, std::optional<int>, "
   "cs::state<int>&) {}));",
   "this function returns nothing"},
  {"pairs.map_with_state(cs::state_spec([](cs::batch_time, const std::string&, "
   "std::optional<int>, cs::state<int>&) { return 1; }));",
   "map_with_state expects f(batch_time, ...) to return a std::optional<M>"},
  {"cs::state_spec(look).initial_state(1);", "initial_state takes an rdd or a std::vector"},
  {"ssc.broadcast(std::string_view{});", "a broadcast outlives what views and raw pointers"},
  {"ssc.make_rdd({\"b\", \"a\"});", "raw pointers cannot be records of make_rdd"},
};

const std::vector<refusal> window_refusals{
  {"lines.reduce_by_window([](int, int) { return 1; }, 2s, 1s);", "reductions call f(acc, value)"},
  {"pairs.reduce_by_window([](auto acc, auto) { return acc; }, [](int, int) { return 1; }, 2s, "
   "1s);",
   "windows call inverse(total, value)"},
  {"lines.reduce_by_key_and_window(std::plus{}, 2s);", "operations by key need records of type"},
  {"pairs.reduce_by_key_and_window([](std::string, int) { return 1; }, 2s);",
   "reductions call f(acc, value)"},
  {"pairs.reduce_by_key_and_window(std::plus{}, [](int& acc, int x) { return acc - x; }, 2s, 1s);",
   "windows call inverse(total, value)"},
  {"pairs.reduce_by_key_and_window(std::plus{}, [n = 0](int acc, int) mutable { return acc - ++n; "
   "}, 2s);",
   "windows call inverse(total, value)"},
  {"pairs.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s, [](int) { return true; });",
   "reduce_by_key_and_window calls keep(key, value)"},
  {"pairs.reduce_by_key_and_window(std::plus{}, std::minus{}, 2s, 1s, [](const auto&, int) {});",
   "reduce_by_key_and_window calls keep(key, value)"},
  {"pairs.group_by_key_and_window(2s, 1s, 1.5);", "a partitioner has count()"},
  {"plain_records.count_by_value_and_window(2s, 1s);", "a key needs an encoding"},
  {"only_moved.window(2s);",
   "filter, collect, glom, persist, windows and shuffles need copyable records"},
};

const std::vector<refusal> refused_pipelines{
  {"run_batches<int>({{1}}, [](int) { return 1; });", "run_batches calls pipeline(dstream<T>)"},
  {"run_batches<int, int>({{1}}, {{1}}, [](auto numbers) { return numbers; });",
   "run_batches calls pipeline(dstream<T>)"},
  {"run_batches<int>({{1}}, [](auto numbers) { numbers.print(); });",
   "run_batches expects the pipeline to return the stream"},
  {"run_batches<int>({{1}}, [](auto x) { return x.map([](int) { return std::make_unique<int>(); "
   "}); });",
   "run_batches gives copies of the records"},
};

constexpr auto head_of_pipelines = R"(#include "caf_stream/testing.hpp"
using caf_stream::testing::run_batches;
void f() {
)";

constexpr auto head = R"(#include "caf_stream/rdd.hpp"
namespace cs = caf_stream;
struct plain { int x; };
void f(cs::rdd<std::string_view> lines, cs::rdd<std::string> owned,
       cs::rdd<std::unique_ptr<int>> only_moved, cs::rdd<plain> plain_records,
       cs::rdd<std::pair<std::string_view, int>> pairs,
       cs::rdd<std::pair<int, int>> numbered, cs::rdd<std::pair<plain, int>> plain_keys) {
)";

constexpr auto stream_head = R"(#include "caf_stream/streaming_context.hpp"
namespace cs = caf_stream;
using namespace std::chrono_literals;
struct plain { int x; };
void f(cs::streaming_context& ssc, cs::dstream<std::string_view> lines,
       cs::dstream<std::unique_ptr<int>> only_moved, cs::dstream<plain> plain_records,
       cs::dstream<std::pair<std::string_view, int>> pairs,
       cs::dstream<std::pair<int, int>> numbered) {
  auto add = [](std::span<const int>, std::optional<int> sum) { return sum; };
  auto look = [](const std::string&, std::optional<int> x, cs::state<int>&) { return x; };
)";

// What the compiler says of `text`; nothing when it likes it.
std::string compile(const std::string& text) {
  caf_stream::test::temp_folder temp;
  std::ofstream{temp / "program.cpp"} << text;
  const char* compiler = std::getenv("CXX");
  auto command = std::string{compiler == nullptr ? "c++" : compiler} +
                 " -std=c++20 -fsyntax-only -I'" + caf_stream::test::source_folder().string() +
                 "/libcaf_stream' '" + temp / "program.cpp" + "' 2>&1 && echo compiled";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  REQUIRE(pipe != nullptr);
  std::string said;
  std::array<char, 4096> buffer;
  while (auto n = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    said.append(buffer.data(), n);
  return said;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++n;
  return n;
}

void check_refusals(const std::string& begin, const std::vector<refusal>& all) {
  constexpr std::size_t at_once = 10; // compilers stop after twenty errors
  for (std::size_t first = 0; first < all.size(); first += at_once) {
    auto last = std::min(first + at_once, all.size());
    auto program = begin;
    for (auto i = first; i < last; ++i)
      program += "  " + all[i].program + "\n";
    auto said = compile(program + "}\n");
    for (auto i = first; i < last; ++i) {
      CAPTURE(all[i].program);
      CHECK(said.find(all[i].sentence) != std::string::npos);
    }
    CHECK(count(said, "error:") == last - first);
  }
}

} // namespace

TEST_SUITE("shelf.refused_programs") {

  TEST_CASE("each wrong use is refused with one sentence and nothing else") {
    check_refusals(head, refusals);
    check_refusals(head_of_sources, refused_sources);
    check_refusals(head_of_pipelines, refused_pipelines);
  }

  TEST_CASE("each wrong use of streams is refused with one sentence and nothing else") {
    check_refusals(stream_head, stream_refusals);
    check_refusals(stream_head, window_refusals);
  }

  TEST_CASE("the same programs without them compile") {
    CHECK(compile(std::string{head} + "  pairs.reduce_by_key(std::plus{}).count();\n}\n") ==
          "compiled\n");
    CHECK(compile(std::string{stream_head} + "  pairs.join(pairs).print();\n}\n") == "compiled\n");
  }

} // TEST_SUITE
