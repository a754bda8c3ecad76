#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

#include <caf/actor_system.hpp>

#include <caf_stream/all.hpp>
#include <caf_stream/testing.hpp>

namespace cs = caf_stream;

namespace {

std::filesystem::path source_folder() {
  auto* folder = std::getenv("CAF_STREAM_SOURCE_DIR");
  if (folder == nullptr)
    throw std::runtime_error{"CAF_STREAM_SOURCE_DIR must name the folder of the sources"};
  return folder;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Code without its indentation, so that a document may show a part of a function.
std::string without_indentation(const std::string& code) {
  static const std::regex spaces{"(^|\n) +"};
  return std::regex_replace(code, spaces, "$1");
}

// All code that the tests compile or run as programs.
std::string compiled_code() {
  std::string all;
  for (auto* folder : {"examples", "tests/examples"})
    for (auto& entry : std::filesystem::directory_iterator{source_folder() / folder})
      if (entry.path().extension() == ".cpp")
        all += without_indentation(content_of(entry.path())) + "\n";
  return all;
}

std::vector<std::string> cpp_blocks(const std::string& document) {
  std::vector<std::string> result;
  for (std::size_t at = 0; (at = document.find("```cpp\n", at)) != std::string::npos;) {
    at += 7;
    auto end = document.find("```", at);
    result.push_back(without_indentation(document.substr(at, end - at)));
    at = end;
  }
  return result;
}

// The files that a document links to.
std::vector<std::string> linked_files(const std::string& document) {
  static const std::regex links{"\\]\\(([^)#: ]+)\\)"};
  std::vector<std::string> result;
  for (std::sregex_iterator i{document.begin(), document.end(), links}, end; i != end; ++i)
    result.push_back((*i)[1]);
  return result;
}

} // namespace

TEST_SUITE("examples.readme") {

  TEST_CASE("all code in the README is part of a file that is compiled") {
    auto compiled = compiled_code();
    auto blocks = cpp_blocks(content_of(source_folder() / "README.md"));
    CHECK(blocks.size() >= 3);
    for (auto& block : blocks)
      CHECK_MESSAGE(compiled.find(block) != std::string::npos, block);
  }

  TEST_CASE("what the documents link to is there") {
    for (auto* document : {"README.md", "libcaf_stream/README.md", "actors/README.md",
                           "receivers/README.md", "tests/README.md"}) {
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
