#include "caf_stream/ingest/file_selector.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace std::chrono_literals;
using ingest::file_selector;
using ingest::found_file;

namespace {

found_file file(std::string path, std::int64_t modified, bool at_start = false,
                std::uint64_t size = 1) {
  return {std::move(path), {size, from_millis(modified)}, at_start};
}

file_selector selector(std::int64_t threshold = 0, duration window = 60s) {
  return {from_millis(threshold), window, &ingest::is_visible};
}

std::string names(const ingest::file_selection& selection) {
  std::string result;
  for (auto& f : selection.files)
    result += f.path + " ";
  for (auto& f : selection.skipped)
    result += "-" + f.path + " ";
  return result;
}

} // namespace

TEST_SUITE("ingest.file_selector") {

  TEST_CASE("a file belongs to the first batch that is not before its time, once") {
    auto s = selector(1000);
    CHECK(names(s.select(from_millis(2000), {file("b", 2000), file("c", 2001), file("a", 2000)})) ==
          "a b ");
    CHECK(names(s.select(from_millis(3000), {file("a", 2000)})) == "c ");
    CHECK(names(s.select(from_millis(4000), {file("c", 2001)})) == "");
  }

  TEST_CASE("a file whose filter throws is skipped, with what it threw") {
    file_selector s{from_millis(0), 60s, [](const std::filesystem::path& path) {
                      if (path == "bad")
                        throw std::runtime_error{"no"};
                      return true;
                    }};
    auto selection = s.select(from_millis(2000), {file("a", 1000), file("bad", 1000)});
    CHECK(names(selection) == "a -bad ");
    CHECK(selection.skipped.at(0).why == "the filter threw: no");
  }

  TEST_CASE("files come in the order of their times") {
    auto s = selector();
    CHECK(names(s.select(from_millis(9000), {file("a", 3000), file("b", 1000), file("c", 2000)})) ==
          "b c a ");
  }

  TEST_CASE("what is older than the start is left out, and only said of what came later") {
    auto s = selector(5000);
    CHECK(names(s.select(from_millis(6000), {file("old", 5000, true), file("new", 5001, true)})) ==
          "new ");
    CHECK(names(s.select(from_millis(7000), {file("moved", 4000)})) == "-moved ");
    CHECK(names(s.select(from_millis(8000), {})) == "");
  }

  TEST_CASE("a clock of files that moves in steps loses none that came after the start") {
    file_selector s{from_millis(5000), 60s, &ingest::is_visible, 10ms};
    CHECK(names(s.select(from_millis(6000), {file("of_before", 5000, true), file("new", 4991)})) ==
          "new ");
    CHECK(names(s.select(from_millis(7000), {file("old", 4990)})) == "-old ");
  }

  TEST_CASE("what is older than the window is skipped, also at the start") {
    auto s = selector(0, 10s);
    auto selection =
      s.select(from_millis(20'000), {file("old", 10'000, true), file("young", 10'001, true)});
    CHECK(names(selection) == "young -old ");
    REQUIRE(selection.skipped.size() == 1);
    CHECK(selection.skipped[0].why.find("10000 ms") != std::string::npos);
  }

  TEST_CASE("a file that changes after it was read is said once and not read again") {
    auto s = selector(0, 10s);
    CHECK(names(s.select(from_millis(1000), {file("a", 1000)})) == "a ");
    CHECK(names(s.select(from_millis(2000), {file("a", 1500)})) == "-a ");
    CHECK(names(s.select(from_millis(3000), {file("a", 2500, false, 2)})) == "");
    CHECK(names(s.select(from_millis(4000), {file("a", 1000)})) == "");
    // After the window its name is free again.
    CHECK(names(s.select(from_millis(10'999), {file("a", 10'500)})) == "");
    CHECK(names(s.select(from_millis(11'000), {file("a", 10'900)})) == "a ");
  }

  TEST_CASE("a file that waits and changes is read as it is then") {
    auto s = selector();
    CHECK(names(s.select(from_millis(1000), {file("a", 1500, false, 1)})) == "");
    auto selection = s.select(from_millis(2000), {file("a", 1800, false, 2)});
    REQUIRE(selection.files.size() == 1);
    CHECK(selection.files[0].stamp.size == 2);
  }

  TEST_CASE("names with a dot are left out, and what a filter of the program's refuses") {
    auto s = selector();
    CHECK(names(s.select(from_millis(2000), {file("/x/.a", 1000), file("/.x/a", 1000)})) ==
          "/.x/a ");
    file_selector own{batch_time{}, 60s,
                      [](const std::filesystem::path& path) { return path.extension() == ".csv"; }};
    CHECK(names(own.select(from_millis(2000), {file("a.csv", 1000), file("a.txt", 1000)})) ==
          "a.csv ");
  }

} // TEST_SUITE
