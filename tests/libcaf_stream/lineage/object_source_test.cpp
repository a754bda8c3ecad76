#include <doctest/doctest.h>

#include <fstream>

#include "caf_stream/lineage/object_source.hpp"
#include "support/shapes.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

struct reading {
  std::string sensor;
  std::vector<double> values;
  bool operator==(const reading&) const = default;
  MSGPACK_DEFINE(sensor, values)
};

template <class T>
rdd<T> read_back(const shape& s, const std::string& folder) {
  return {lineage::make_object_source<T>(*outputs::list_parts(posix_files(), folder)),
          s.make_engine()};
}

template <class T>
std::string failure_of(const rdd<T>& set) {
  try {
    set.count();
  } catch (const error& e) {
    return e.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("lineage.object_source") {

  TEST_CASE("records come back as they were, in as many partitions") {
    for (auto& s : shapes) {
      temp_folder temp;
      std::vector<std::pair<std::string, int>> pairs;
      for (int i = 0; i < 5000; ++i)
        pairs.emplace_back(std::string(std::size_t(i % 50), 'x'), i);
      make_test_rdd<std::pair<std::string, int>>(s, pairs).save_as_object_file(temp / "out");
      auto found = read_back<std::pair<std::string, int>>(s, temp / "out");
      CHECK(found.partitions() == s.partitions);
      CHECK(found.collect() == pairs);
      CHECK(found.map([](const auto& x) { return x.second; }).reduce(std::plus{}) ==
            4999 * 5000 / 2);
    }
  }

  TEST_CASE("views are written as text, and text is read as views that stay good") {
    for (auto& s : shapes) {
      temp_folder temp;
      std::vector<std::string> words;
      for (int i = 0; i < 5000; ++i)
        words.push_back("word " + std::to_string(i));
      make_test_rdd<std::string_view>(s, words).save_as_object_file(temp / "out");
      CHECK(read_back<std::string>(s, temp / "out").collect() == words);
      auto lengths = read_back<std::string_view>(s, temp / "out").map_partitions([](auto& records) {
        std::vector<std::string_view> kept; // beyond the chunks they came in
        for (std::string_view x : records)
          kept.push_back(x);
        return kept;
      });
      CHECK(lengths.collect() == words);
      using view_pair = std::pair<std::string_view, bool>;
      auto marked = read_back<std::string_view>(s, temp / "out").map([](std::string_view x) {
        return view_pair{x, x.ends_with('7')};
      });
      marked.save_as_object_file(temp / "marked");
      CHECK(read_back<view_pair>(s, temp / "marked").collect() == marked.collect());
    }
  }

  TEST_CASE("user types, booleans and empty partitions come back") {
    for (auto& s : shapes) {
      temp_folder temp;
      const std::vector<reading> readings{{"a", {1, 2.5}}, {"", {}}};
      make_test_rdd<reading>(s, readings).save_as_object_file(temp / "readings");
      CHECK(read_back<reading>(s, temp / "readings").collect() == readings);
      const std::vector<bool> flags{true, false, true};
      make_test_rdd<bool>(s, flags).save_as_object_file(temp / "flags");
      CHECK(read_back<bool>(s, temp / "flags").collect() == flags);
      make_test_rdd<int>(s, {}).save_as_object_file(temp / "none");
      CHECK(read_back<int>(s, temp / "none").collect().empty());
    }
  }

  TEST_CASE("records of another kind and damaged files are errors that name the file") {
    const shape s{1, false};
    temp_folder temp;
    make_test_rdd<int>(s, {1, 2, 3}).save_as_object_file(temp / "out");
    CHECK(contains(failure_of(read_back<double>(s, temp / "out")), "part-00000"));
    CHECK(contains(failure_of(read_back<std::string>(s, temp / "out")), "part-00000"));
    auto path = temp / "out/part-00000";
    auto content = *posix_files().read_all(path);
    content[content.size() - 10] ^= 1;
    std::ofstream{path, std::ios::binary} << content;
    auto why = failure_of(read_back<int>(s, temp / "out"));
    CHECK(contains(why, "part-00000"));
    CHECK(contains(why, "checksum"));
    make_test_rdd<int>(s, {1}).save_as_text_file(temp / "text");
    CHECK(contains(failure_of(read_back<int>(s, temp / "text")), "no object file"));
    auto gone = read_back<int>(s, temp / "out");
    REQUIRE(posix_files().remove(path));
    CHECK(contains(failure_of(gone), "part-00000"));
  }

} // TEST_SUITE
