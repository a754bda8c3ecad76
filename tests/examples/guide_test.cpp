// The guide, examples/guide.md: its code is that of examples/guide, its tables are what the
// pipelines give, and its program prints what it shows.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include <caf_stream/outputs/text_form.hpp>
#include <caf_stream/testing.hpp>

#include "clicks.hpp"
#include "document.hpp"
#include "support/line_server.hpp"
#include "support/run_program.hpp"
#include "support/source_folder.hpp"

namespace cs = caf_stream;
using namespace caf_stream::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;
using batches = std::vector<texts>;

const std::string program = "shop_clicks";

std::string guide() { return content_of(source_folder() / "examples/guide.md"); }

// -- pipelines: what heads a table's last column -------------------------------------------------

// What goes into a pipeline: the batches of each column between the first and the last.
using columns = std::vector<std::vector<std::vector<std::string_view>>>;

struct pipeline {
  std::function<batches(const columns&, const cs::testing::run_options&)> run;
  bool is_ordered = false;
};

template <class T>
batches as_texts(const std::vector<std::vector<T>>& result) {
  batches all;
  for (auto& batch : result) {
    all.emplace_back();
    for (auto& record : batch)
      all.back().push_back(cs::outputs::to_text(record));
  }
  return all;
}

template <class F>
pipeline on_clicks(F f, bool is_ordered = false) {
  auto run = [f](const columns& inputs, const auto& options) {
    return as_texts(cs::testing::run_batches<std::string_view>(
      inputs.at(0), [&](auto lines) { return f(shop::by_name(lines)); }, options));
  };
  return {run, is_ordered};
}

template <class F>
pipeline on_clicks_and_accounts(F f) {
  auto run = [f](const columns& inputs, const auto& options) {
    return as_texts(cs::testing::run_batches<std::string_view, std::string_view>(
      inputs.at(0), inputs.at(1),
      [&](auto lines, auto accounts) { return f(shop::by_name(lines), shop::by_name(accounts)); },
      options));
  };
  return {run};
}

const std::map<std::string, pipeline> pipelines{
  {"count_pages(clicks)", on_clicks([](auto clicks) { return shop::count_pages(clicks); })},
  {"recent_pages(clicks, 4s, 2s)",
   on_clicks([](auto clicks) { return shop::recent_pages(clicks, 4s, 2s); })},
  {"busiest_pages(clicks, 2s)",
   on_clicks([](auto clicks) { return shop::busiest_pages(clicks, 2s); }, true)},
  {"with_plans(clicks, accounts, 3s)", on_clicks_and_accounts([](auto clicks, auto accounts) {
     return shop::with_plans(clicks, accounts, 3s);
   })},
  {"total_pages(clicks)", on_clicks([](auto clicks) { return shop::total_pages(clicks); })},
  {"visits(clicks, 2s)", on_clicks([](auto clicks) { return shop::visits(clicks, 2s); })},
};

// -- tables: a batch a row, its records in backticks, a dash where there is no batch -------------

constexpr auto no_batch = "–";

// What is between backticks, as views of the cell.
std::vector<std::string_view> records_of(const std::string& cell) {
  static const std::regex quoted{"`([^`]*)`"};
  std::vector<std::string_view> result;
  for (std::sregex_iterator i{cell.begin(), cell.end(), quoted}, end; i != end; ++i)
    result.emplace_back(cell.data() + i->position(1), static_cast<std::size_t>(i->length(1)));
  return result;
}

std::string name_of(const table& shown) {
  auto names = records_of(shown.head.back());
  return names.size() == 1 ? std::string{names[0]} : "";
}

columns inputs_of(const table& shown) {
  columns result(shown.head.size() - 2);
  for (auto& row : shown.rows)
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i].push_back(records_of(row.at(i + 1)));
  return result;
}

std::vector<table> tables_of_batches() {
  auto result = tables_of(guide());
  std::erase_if(result, [](auto& shown) { return shown.head.at(0) != "time"; });
  return result;
}

std::string joined(const texts& records) {
  std::string result;
  for (auto& record : records)
    result += "`" + record + "` ";
  return result;
}

void check_table(const table& shown) {
  CAPTURE("examples/guide.md:" + std::to_string(shown.line));
  auto name = name_of(shown);
  CAPTURE(name);
  auto found = pipelines.find(name);
  REQUIRE(found != pipelines.end());
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    REQUIRE(shown.rows[i].size() == shown.head.size());
    CHECK(shown.rows[i][0] == std::to_string(i + 1) + " s");
  }
  auto result = found->second.run(inputs_of(shown), {});
  REQUIRE_FALSE(result.empty());
  auto rows_a_batch = shown.rows.size() / result.size();
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    auto& row = shown.rows[i];
    CAPTURE(row[0]);
    if ((i + 1) % rows_a_batch != 0) {
      CHECK(row.back() == no_batch);
      continue;
    }
    auto records = records_of(row.back());
    texts expected{records.begin(), records.end()};
    auto& batch = result.at(i / rows_a_batch);
    if (!found->second.is_ordered) {
      std::sort(batch.begin(), batch.end());
      std::sort(expected.begin(), expected.end());
    }
    CHECK(joined(batch) == joined(expected));
  }
}

} // namespace

TEST_SUITE("examples.guide") {

  TEST_CASE("each block is a part of the file that it names, or printed by the program") {
    auto blocks = blocks_of(guide());
    CHECK(blocks.size() > 5);
    for (auto& block : blocks) {
      CAPTURE("examples/guide.md:" + std::to_string(block.line));
      REQUIRE_MESSAGE(!block.file.empty(), "the block does not say where it is from");
      if (block.file == program)
        continue;
      auto source = content_of(source_folder() / "examples/guide" / block.file);
      CHECK(why_not_part_of(source, block.file, block) == "");
    }
  }

  TEST_CASE("tables of batches are what the pipelines give, and all pipelines have one") {
    std::set<std::string> names;
    for (auto& shown : tables_of_batches()) {
      check_table(shown);
      names.insert(name_of(shown));
    }
    CHECK(names.size() == pipelines.size());
  }

  TEST_CASE("the program prints what the guide says it prints") {
    line_server server{[](line_peer& peer, std::size_t) {
      peer.send("ann /home\nbob /home\nann /cart\nann /pay\ncid /home\ncid /help\n");
      peer.wait_until_closed();
    }};
    run_program run{program_file(program),
                    {"127.0.0.1", std::to_string(server.port()), "--stream.batch-interval=100ms"}};
    std::size_t shown = 0;
    static const std::regex time{"Time: [0-9]+ ms"};
    for (auto& block : blocks_of(guide()))
      if (block.file == program) {
        ++shown;
        auto expected = std::regex_replace(block.text(), time, "Time: T ms");
        CHECK_MESSAGE(run.wait_for_output([&](auto& output) {
          return std::regex_replace(output, time, "Time: T ms").find(expected) != std::string::npos;
        }),
                      "examples/guide.md:", block.line, ": the program printed\n",
                      run.output().substr(0, 1000));
      }
    CHECK(shown == 1);
    run.send_signal(SIGTERM);
    CHECK(run.wait() == 0);
  }

  TEST_CASE("code that is not in its file is found, and the line that is not") {
    auto source = "int f() {\n  if (x) {\n    g();\n  }\n\n  h();\n}\n";
    auto why = [&](std::vector<std::string> lines) {
      return why_not_part_of(source, "f.cpp", {"cpp", "f.cpp", 40, std::move(lines)});
    };
    CHECK(why({"int f() {", "  if (x) {"}) == "");
    CHECK(why({"if (x) {", "  g();", "}", "", "h();"}) == "");
    CHECK(why({"j();"}) == "line 40, `j();`, is no line of f.cpp");
    CHECK(why({"if (x) {", "  j();", "}"}) ==
          "line 41, `  j();`, is not what follows in f.cpp:3, `    g();`");
    CHECK(why({"if (x) {", "g();", "}"}) ==
          "line 41, `g();`, is not what follows in f.cpp:3, `    g();`");
    CHECK(why({"h();", "}"}) == "line 41, `}`, is not what follows in f.cpp:7, `}`");
    CHECK(why({"  h();", "}", "k();"}) == "line 42, `k();`, is not what follows in f.cpp, which "
                                          "ends there");
    CHECK(why({"h(); "}) == "line 40, `h(); `, is no line of f.cpp");
  }

} // TEST_SUITE
