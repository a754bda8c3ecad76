#include "caf_stream/lineage/file_records.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::lineage;
using test::write_file;

namespace {

using strings = std::vector<std::string>;

class files {
public:
  ingest::found_file add(const std::string& name, std::string_view content) {
    write_file(folder_ / name, content);
    return {folder_ / name, stamp_of(folder_ / name).value().value(), false};
  }

  file_opener_ptr opener() {
    return std::make_shared<const file_opener>(
      [this](const std::string& why) { reported.push_back(why); });
  }

  std::string path(const std::string& name) const { return folder_ / name; }

  strings reported;

private:
  test::temp_folder folder_;
};

strings read(data::any_cursor cursor) {
  strings result;
  auto& typed = data::typed<std::string_view>(*cursor);
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    result.insert(result.end(), chunk.begin(), chunk.end());
  CHECK(typed.next().empty());
  return result;
}

} // namespace

TEST_SUITE("lineage.file_records") {

  TEST_CASE("lines are the same wherever a file is cut, and each is in one part") {
    files f;
    auto text = std::string{"one\r\ntwo\n\nlone\rcr\r\n"} + '\0' + "nul\n\xff\xfe\r\nlast";
    const strings expected{"one",      "two", "", "lone\rcr", std::string{'\0'} + "nul",
                           "\xff\xfe", "last"};
    for (std::string end : {"", "\n", "\n\n"}) {
      auto found = f.add("text", text + end);
      auto with_end = expected;
      if (end == "\n\n")
        with_end.push_back("");
      for (std::uint64_t at = 0; at <= found.stamp.size; ++at) {
        auto lines = read(open_text_files({{found, 0, at}}, f.opener()));
        auto rest = read(open_text_files({{found, at, found.stamp.size}}, f.opener()));
        lines.insert(lines.end(), rest.begin(), rest.end());
        if (lines != with_end)
          FAIL("cut at ", at);
      }
    }
  }

  TEST_CASE("long files are read in many chunks, one after the other") {
    files f;
    std::string text;
    strings expected;
    for (int i = 0; i < 30'000; ++i)
      text += expected.emplace_back("line " + std::to_string(i)) + "\n";
    expected.emplace_back(300'000, 'x');
    text += expected.back() + "\n";
    auto first = f.add("first", text);
    auto second = f.add("second", "end");
    auto empty = f.add("empty", "");
    expected.push_back("end");
    auto size = first.stamp.size;
    CHECK(read(open_text_files({{first, 0, size}, {empty, 0, 0}, {second, 0, 3}}, f.opener())) ==
          expected);
  }

  TEST_CASE("records of one length") {
    files f;
    auto found = f.add("records", "aabbcc");
    CHECK(read(open_binary_files({{found, 0, 6}}, f.opener(), 2)) == strings{"aa", "bb", "cc"});
    CHECK(read(open_binary_files({{found, 2, 4}}, f.opener(), 2)) == strings{"bb"});
    CHECK(f.reported.empty());
    CHECK(read(open_binary_files({{found, 0, 6}}, f.opener(), 4)) == strings{"aabb"});
    REQUIRE(f.reported.size() == 1);
    CHECK(f.reported[0].find("in the middle of a record of 4 bytes") != std::string::npos);
  }

  TEST_CASE("a file that cannot be read has no records, and that is reported once") {
    files f;
    auto gone = f.add("gone", "text");
    auto changed = f.add("changed", "text");
    auto good = f.add("good", "text");
    std::filesystem::remove(f.path("gone"));
    f.add("changed", "more text");
    auto opener = f.opener();
    for (int round = 0; round < 2; ++round)
      CHECK(read(open_text_files({{good, 0, 4}, {gone, 0, 4}, {changed, 0, 4}}, opener)) ==
            strings{"text"});
    REQUIRE(f.reported.size() == 2);
    CHECK(f.reported[0].find(f.path("gone")) != std::string::npos);
    CHECK(f.reported[1].find("has changed") != std::string::npos);
  }

  TEST_CASE("readers of the program's get the content or the path") {
    files f;
    auto a = f.add("a", "1,2\n");
    auto b = f.add("b", "x");
    auto by_content = open_with_reader<std::string_view>([](std::string_view content, auto emit) {
      if (content == "x")
        throw std::runtime_error{"no number"};
      emit(content.substr(0, 1));
      emit(content.substr(2, 1));
    });
    CHECK(read(by_content({{a, 0, 4}, {b, 0, 1}}, f.opener())) == strings{"1", "2"});
    REQUIRE(f.reported.size() == 1);
    CHECK(f.reported[0].find("no number") != std::string::npos);
    auto by_path = open_with_reader<std::string>([](const std::filesystem::path& path) {
      return strings{path.filename().string(), "and more"};
    });
    auto cursor = by_path({{a, 0, 4}}, f.opener());
    auto records = data::typed<std::string>(*cursor).next();
    CHECK(strings(records.begin(), records.end()) == strings{"a", "and more"});
  }

  TEST_CASE("files are cut into runs of about equal bytes that cover them once") {
    constexpr std::uint64_t mib = 1 << 20;
    const std::uint64_t sizes[] = {10 * mib, 0, 5, 3 * mib + 7, 1};
    std::vector<ingest::found_file> found;
    for (auto size : sizes)
      found.push_back({std::to_string(found.size()), {size, {}}, false});
    for (std::uint64_t unit : {0, 1, 7, 4096})
      for (std::uint32_t n : {1, 2, 3, 7, 100}) {
        CAPTURE(unit);
        CAPTURE(n);
        auto parts = pack_files(found, n, {unit});
        CHECK(parts.size() <= n);
        std::string at;
        std::uint64_t end = 0;
        std::uint64_t total = 0;
        for (auto& partition : parts) {
          CHECK(!partition.empty());
          std::uint64_t bytes = 0;
          for (auto& part : partition) {
            if (part.file.path != at) {
              at = part.file.path;
              end = 0;
            }
            CHECK(part.begin == end);
            CHECK(part.end > part.begin);
            end = part.end;
            bytes += part.end - part.begin;
            if (unit != 0 && part.end != part.file.stamp.size)
              CHECK(part.end % unit == 0);
          }
          if (unit != 0)
            CHECK(bytes < 14 * mib / std::min<std::uint64_t>(n, 13) + 2 * unit);
          total += bytes;
        }
        CHECK(total == 13 * mib + 13);
      }
    CHECK(pack_files({}, 4, {1}).empty());
    CHECK(pack_files({found[2], found[4]}, 4, {1}).size() == 1);
  }

} // TEST_SUITE
