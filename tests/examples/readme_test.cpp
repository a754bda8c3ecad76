#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <regex>

#include <caf/actor_system.hpp>

#include <caf_stream/all.hpp>
#include <caf_stream/testing.hpp>

#include "document.hpp"
#include "support/files.hpp"
#include "support/recording_port.hpp"
#include "support/source_folder.hpp"
#include "support/temp_folder.hpp"

namespace cs = caf_stream;
using namespace caf_stream::test;

namespace {

// Code without its indentation, so that a document may show a part of a function.
std::string without_indentation(const std::string& code) {
  static const std::regex spaces{"(^|\n) +"};
  return std::regex_replace(code, spaces, "$1");
}

// All code that the tests compile or run as programs.
std::string compiled_code() {
  std::string all;
  for (auto* folder : {"examples", "tests/examples", "tests/package"})
    for (auto& entry : std::filesystem::directory_iterator{source_folder() / folder})
      if (entry.path().extension() == ".cpp")
        all += without_indentation(content_of(entry.path())) + "\n";
  return all;
}

std::vector<code_block> readme_blocks(const std::string& language) {
  auto blocks = blocks_of(content_of(source_folder() / "README.md"));
  std::erase_if(blocks, [&](auto& block) { return block.language != language; });
  return blocks;
}

} // namespace

TEST_SUITE("examples.readme") {

  TEST_CASE("all code in the README is part of a file that is compiled") {
    auto compiled = compiled_code();
    auto blocks = readme_blocks("cpp");
    CHECK(blocks.size() >= 3);
    for (auto& block : blocks)
      CHECK_MESSAGE(compiled.find(without_indentation(block.text())) != std::string::npos,
                    "README.md:", block.line, ":\n", block.text());
  }

  TEST_CASE("the configuration files that the README shows say the same") {
    caf_stream::test::temp_folder folder;
    auto blocks = readme_blocks("ini");
    CHECK(blocks.size() == 2);
    for (auto& block : blocks) {
      caf_stream::test::write_file(folder / "file", block.text());
      cs::config cfg;
      cfg.parse({"--config-file=" + folder / "file"});
      CHECK(cfg.stream.workers == 4);
      CHECK(cfg.stream.block_interval == cs::duration{100});
      CHECK(cfg.stream.receiver.max_rate == 10'000);
      CHECK(caf::get_or(cfg, "scheduler.max-threads", std::size_t{0}) == 2);
    }
  }

  TEST_CASE("what the documents link to is there") {
    for (auto* document : {"README.md", "libcaf_stream/README.md", "actors/README.md",
                           "receivers/README.md", "tests/README.md", "examples/guide.md"}) {
      auto file = source_folder() / document;
      REQUIRE(std::filesystem::exists(file));
      for (auto& name : linked_files(content_of(file)))
        CHECK_MESSAGE(std::filesystem::exists(file.parent_path() / name), document, ": ", name);
    }
  }

  TEST_CASE("the test of a pipeline that the README shows") {
    auto batches = cs::testing::run_batches<std::string>({{"a b", "a"}, {}, {"b"}}, [](auto lines) {
      return lines.flat_map(cs::split_words).count_by_value(1);
    });
    using counts = std::vector<std::pair<std::string, std::int64_t>>;
    for (auto& batch : batches)
      std::sort(batch.begin(), batch.end());
    CHECK(batches == std::vector<counts>{{{"a", 2}, {"b", 1}}, {}, {{"b", 1}}});
  }

  TEST_CASE("the reader of comma-separated values that the README shows") {
    struct row {
      std::string name;
      double value;
    };
    caf_stream::test::temp_folder folder;
    std::filesystem::create_directory(folder / "in");
    auto dir = folder / "in";
    cs::config cfg;
    cfg.stream.log_level = cs::log::level::off;
    cs::streaming_context ssc{cfg, cs::duration{50}};
    auto rows = ssc.file_stream<row>(dir, [](std::string_view content, auto emit) {
      while (!content.empty()) {
        auto line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(line.size() + 1, content.size()));
        auto comma = line.find(',');
        auto value = std::stod(std::string{line.substr(comma + 1)});
        emit(row{std::string{line.substr(0, comma)}, value});
      }
    });
    std::atomic<int> sum{0};
    std::atomic<int> names{0};
    rows.foreach_rdd([&](const cs::rdd<row>& batch) {
      for (auto& x : batch.collect()) {
        sum += static_cast<int>(10 * x.value);
        names += static_cast<int>(x.name.size());
      }
    });
    ssc.start();
    caf_stream::test::write_file(folder / "bad", "a;1\n");
    caf_stream::test::write_file(folder / "good", "one,1.5\nthree,3\n");
    std::filesystem::rename(folder / "bad", folder / "in/bad");
    std::filesystem::rename(folder / "good", folder / "in/good");
    CHECK(caf_stream::test::eventually([&] { return sum == 45; }));
    ssc.stop();
    CHECK(names == 8);
    CHECK(sum == 45);
  }

  TEST_CASE("the embedding that the README shows") {
    cs::config cfg;
    caf::actor_system system{cfg};

    cs::rdd_queue<int> queue;
    std::atomic<std::int64_t> seen{0};
    using namespace std::chrono_literals;
    queue.push({1, 2, 3});
    {
      cs::streaming_context ssc{system, 100ms};
      ssc.queue_stream(queue).foreach_rdd(
        [&](const cs::rdd<int>& batch) { seen += batch.count(); });
      ssc.start();
      ssc.stop(); // gracefully: what has come in is processed first
    }
    CHECK(seen == 3);
  }

} // TEST_SUITE
