// Tests of the shop's pipelines. Each gives some batches of input and looks at the batches that
// come out, on the real engine, with a clock that the harness moves: nothing waits.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>

#include <caf_stream/testing.hpp>

#include "clicks.hpp"
#include "page_table.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;
using cs::testing::run_batches;
using cs::testing::run_options;

namespace {

template <class T>
using batches = std::vector<std::vector<T>>;

// Where records were brought together by key, those of a batch are in no order of note.
template <class T>
batches<T> sorted(batches<T> result) {
  for (auto& batch : result)
    std::sort(batch.begin(), batch.end());
  return result;
}

// More batches than there are inputs: the others are empty.
run_options with_batches(std::size_t n) {
  run_options options;
  options.num_batches = n;
  return options;
}

} // namespace

TEST_SUITE("guide.clicks") {

  TEST_CASE("pages are counted batch by batch, and lines without a page are dropped") {
    auto result = run_batches<std::string_view>(
      {{"ann /home", "bob /home"}, {}, {"ann /cart", "hello", "bob ", " /cart"}},
      [](auto lines) { return shop::count_pages(shop::by_name(lines)); });
    CHECK(sorted(result) == batches<shop::page_count>{{{"/home", 2}}, {}, {{"/cart", 1}}});
  }

  TEST_CASE("a page is forgotten when its clicks have left the window") {
    auto result = run_batches<std::string_view>(
      {{"ann /home", "bob /home"}, {"ann /cart"}},
      [](auto lines) { return shop::busiest_pages(shop::by_name(lines), 30s); }, with_batches(32));
    using pages = std::vector<shop::page_count>;
    CHECK(result.at(0) == pages{{"/home", 2}});
    CHECK(result.at(29) == pages{{"/home", 2}, {"/cart", 1}});
    CHECK(result.at(30) == pages{{"/cart", 1}});
    CHECK(result.at(31).empty());
  }

  TEST_CASE("a window that slides by two batches has a result for every second one") {
    auto result = run_batches<std::string_view>(
      {{"ann /home"}, {}, {"ann /cart"}, {"bob /cart"}, {"bob /cart"}},
      [](auto lines) { return shop::recent_pages(shop::by_name(lines), 4s, 2s); });
    CHECK(sorted(result) ==
          batches<shop::page_count>{{{"/home", 1}}, {{"/cart", 2}, {"/home", 1}}});
  }

  TEST_CASE("a visit ends when its visitor has been idle for longer than the timeout") {
    auto result = run_batches<std::string_view>(
      {{"ann /home", "bob /home"}, {"ann /cart"}},
      [](auto lines) { return shop::visits(shop::by_name(lines), 2s); }, with_batches(6));
    CHECK(result == batches<shop::visit>{
                      {}, {}, {}, {{"bob", {"/home"}}}, {{"ann", {"/home", "/cart"}}}, {}});
  }

  TEST_CASE("a click has the plan that was sent last, while it is in the window") {
    auto result = run_batches<std::string_view, std::string_view>(
      {{"ann /a", "bob /a"}, {"ann /b"}, {"ann /c"}}, {{"ann silver", "ann gold"}},
      [](auto lines, auto accounts) {
        return shop::with_plans(shop::by_name(lines), shop::by_name(accounts), 2s);
      });
    using std::nullopt;
    CHECK(sorted(result) ==
          batches<shop::planned_click>{{{"ann", {"/a", "gold"}}, {"bob", {"/a", nullopt}}},
                                       {{"ann", {"/b", "gold"}}},
                                       {{"ann", {"/c", nullopt}}}});
  }

  TEST_CASE("counts of pages that have a title get it") {
    auto result = run_batches<std::string_view>({{"ann /home", "bob /old"}}, [](auto lines) {
      std::vector<shop::page_title> titles{{"/home", "Welcome"}, {"/cart", "Your cart"}};
      auto counts = shop::count_pages(shop::by_name(lines));
      return shop::with_titles(counts, lines.context().make_rdd(titles));
    });
    CHECK(result == batches<shop::titled_count>{{{"/home", {1, "Welcome"}}}});
  }

  TEST_CASE("whose clicks are left out may change from batch to batch") {
    auto named = [](const shop::fact& click) { return click.first; };
    auto result = run_batches<std::string_view>(
      {{"ann /home", "bot /home"}, {"ann /cart", "bot /cart"}}, [&](auto lines) {
        auto left_out = lines.context().broadcast(shop::name_set{});
        lines.foreach_rdd([left_out](const auto&) { left_out.update({"bot"}); });
        return shop::without(shop::by_name(lines), left_out).map(named);
      });
    CHECK(result == batches<std::string>{{"ann", "bot"}, {"ann"}});
  }

  TEST_CASE("the answer is the same on every number of workers and partitions") {
    for (std::size_t workers : {1, 4})
      for (std::size_t partitions : {1, 3}) {
        run_options options;
        options.workers = workers;
        options.partitions = options.input_partitions = partitions;
        auto result = run_batches<std::string_view>(
          {{"ann /home", "bob /cart", "cid /home"}, {"dan /home"}},
          [](auto lines) { return shop::total_pages(shop::by_name(lines)); }, options);
        CHECK(sorted(result) == batches<shop::page_count>{{{"/cart", 1}, {"/home", 2}},
                                                          {{"/cart", 1}, {"/home", 3}}});
      }
  }

  TEST_CASE("what is stored adds up") {
    shop::page_table table;
    cs::testing::batch_driver driver{run_options{}};
    auto lines = cs::testing::stream_of<std::string_view>(
      driver.context(), {{"ann /home", "bob /home", "bob /cart"}, {"ann /home"}}, 2, 2);
    shop::store(shop::count_pages(shop::by_name(lines)), table);
    driver.run(2);
    CHECK(table.totals() == std::map<std::string, long>{{"/cart", 1}, {"/home", 3}});
  }

  TEST_CASE("a partition that is handed over again is not added again") {
    shop::page_table table;
    cs::output_id id{"0123456789abcdef", cs::batch_time{1s}, 0, 0};
    table.add(id, {{"/home", 2}});
    table.add(id, {{"/home", 2}});
    CHECK(table.totals() == std::map<std::string, long>{{"/home", 2}});
    id.partition = 1;
    table.add(id, {{"/home", 1}});
    CHECK(table.totals() == std::map<std::string, long>{{"/home", 3}});
  }

} // TEST_SUITE
