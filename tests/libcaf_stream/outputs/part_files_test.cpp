#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "caf_stream/base/faulty_file_system.hpp"
#include "caf_stream/outputs/part_files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::outputs;

namespace {

result<std::string> write_part(file_system& files, const std::string& folder, partition_id part,
                               std::uint32_t attempt, const std::vector<std::string>& lines) {
  part_writer writer{files, folder, task_id{9, 0, part, attempt}};
  for (auto& line : lines) {
    writer.buffer() += line + "\n";
    if (auto written = writer.end_record(); !written)
      return tl::unexpected<error>{written.error()};
  }
  return writer.finish();
}

status save(file_system& files, const std::string& folder,
            const std::vector<std::vector<std::string>>& parts) {
  if (auto begun = begin_parts(files, folder); !begun)
    return begun;
  std::vector<std::string> written;
  for (partition_id p = 0; p < parts.size(); ++p) {
    auto name = write_part(files, folder, p, 0, parts[p]);
    if (!name)
      return tl::unexpected<error>{name.error()};
    written.push_back(*name);
  }
  return commit_parts(files, folder, written);
}

std::vector<std::string> names_in(const std::string& folder) { return *posix_files().list(folder); }

std::string text_of(const std::string& path) { return *posix_files().read_all(path); }

} // namespace

TEST_SUITE("outputs.part_files") {

  TEST_CASE("a folder has a file a partition, a line a record, and _SUCCESS") {
    test::temp_folder temp;
    auto folder = temp / "deep/out";
    REQUIRE(save(posix_files(), folder, {{"a", "b"}, {}, {"c"}}));
    CHECK(names_in(folder) ==
          std::vector<std::string>{"_SUCCESS", "part-00000", "part-00001", "part-00002"});
    CHECK(text_of(folder + "/part-00000") == "a\nb\n");
    CHECK(text_of(folder + "/part-00001") == "");
    CHECK(text_of(folder + "/part-00002") == "c\n");
    CHECK(text_of(folder + "/_SUCCESS") == "");
  }

  TEST_CASE("a data set without partitions leaves _SUCCESS alone") {
    test::temp_folder temp;
    REQUIRE(save(posix_files(), temp / "out", {}));
    CHECK(names_in(temp / "out") == std::vector<std::string>{"_SUCCESS"});
  }

  TEST_CASE("a rerun replaces what was there and touches nothing else") {
    test::temp_folder temp;
    auto folder = temp / "out";
    REQUIRE(save(posix_files(), folder, {{"old"}, {"old"}, {"old"}}));
    std::ofstream{folder + "/notes"} << "mine";
    REQUIRE(save(posix_files(), folder, {{"new"}, {"new"}}));
    CHECK(names_in(folder) ==
          std::vector<std::string>{"_SUCCESS", "notes", "part-00000", "part-00001"});
    CHECK(text_of(folder + "/part-00000") == "new\n");
  }

  TEST_CASE("only the attempts that counted become parts") {
    test::temp_folder temp;
    auto folder = temp / "out";
    REQUIRE(begin_parts(posix_files(), folder));
    auto first = write_part(posix_files(), folder, 0, 0, {"first"});
    auto second = write_part(posix_files(), folder, 0, 1, {"second"});
    REQUIRE(first);
    REQUIRE(second);
    CHECK(*first != *second);
    REQUIRE(commit_parts(posix_files(), folder, {*second}));
    CHECK(names_in(folder) == std::vector<std::string>{"_SUCCESS", "part-00000"});
    CHECK(text_of(folder + "/part-00000") == "second\n");
  }

  TEST_CASE("more lines than the buffer holds arrive in order") {
    test::temp_folder temp;
    std::vector<std::string> lines;
    std::string all;
    for (int i = 0; i < 5000; ++i) {
      lines.push_back(std::string(100, 'x') + std::to_string(i));
      all += lines.back() + "\n";
    }
    REQUIRE(save(posix_files(), temp / "out", {lines}));
    CHECK(text_of(temp / "out/part-00000") == all);
  }

  TEST_CASE("what has been saved survives a crash of the machine right after") {
    test::temp_folder temp;
    faulty_file_system files;
    REQUIRE(save(files, temp / "out", {{"a"}, {"b"}}));
    REQUIRE(files.drop_unsynced());
    CHECK(names_in(temp / "out") ==
          std::vector<std::string>{"_SUCCESS", "part-00000", "part-00001"});
    CHECK(text_of(temp / "out/part-00001") == "b\n");
  }

  TEST_CASE("a crash between any two renames leaves no _SUCCESS, and a rerun repairs the folder") {
    for (std::uint64_t at = 1; at <= 3; ++at) {
      CAPTURE(at);
      test::temp_folder temp;
      auto folder = temp / "out";
      faulty_file_system files;
      REQUIRE(save(files, folder, {{"old"}, {"old"}, {"old"}}));
      file_faults faults;
      faults.fail_rename_at = at;
      files.set_faults(faults);
      CHECK(!save(files, folder, {{"new"}, {"new"}, {"new"}}));
      REQUIRE(files.drop_unsynced());
      CHECK(!*files.exists(folder + "/_SUCCESS"));
      files.set_faults({});
      REQUIRE(save(files, folder, {{"new"}, {"new"}, {"new"}}));
      CHECK(names_in(folder) ==
            std::vector<std::string>{"_SUCCESS", "part-00000", "part-00001", "part-00002"});
      for (auto part : {"/part-00000", "/part-00001", "/part-00002"})
        CHECK(text_of(folder + part) == "new\n");
    }
  }

  TEST_CASE("a full disk and a failing sync are errors, and nothing is called a success") {
    test::temp_folder temp;
    faulty_file_system files;
    file_faults full;
    full.space = 3;
    files.set_faults(full);
    auto done = save(files, temp / "full", {{"too long for the disk"}});
    REQUIRE(!done);
    CHECK(done.error().code() == errc::io_error);
    CHECK(!*posix_files().exists(temp / "full/_SUCCESS"));
    file_faults no_sync;
    no_sync.sync_fails = true;
    files.set_faults(no_sync);
    CHECK(!save(files, temp / "unsynced", {{"x"}}));
    CHECK(!*posix_files().exists(temp / "unsynced/part-00000"));
  }

  TEST_CASE("a writer that failed once has failed, also where its caller goes on") {
    test::temp_folder temp;
    faulty_file_system files;
    REQUIRE(begin_parts(files, temp / "out"));
    file_faults full;
    full.space = 3;
    files.set_faults(full);
    part_writer writer{files, temp / "out", task_id{9, 0, 0, 0}};
    writer.buffer() += std::string(1'000'000, 'x');
    CHECK(!writer.end_record());
    files.set_faults({});
    writer.buffer() += "y";
    CHECK(!writer.finish());
  }

  TEST_CASE("parts are listed in the order of their numbers, of complete folders only") {
    test::temp_folder temp;
    auto folder = temp / "out";
    CHECK(!list_parts(posix_files(), folder));
    REQUIRE(save(posix_files(), folder, {{"a"}, {"b"}}));
    std::ofstream{folder + "/part-100000"} << "c";
    std::ofstream{folder + "/part-99999"} << "d";
    std::ofstream{folder + "/notes"} << "mine";
    auto parts = list_parts(posix_files(), folder);
    REQUIRE(parts);
    CHECK(*parts == std::vector<std::string>{folder + "/part-00000", folder + "/part-00001",
                                             folder + "/part-99999", folder + "/part-100000"});
    REQUIRE(posix_files().remove(folder + "/_SUCCESS"));
    auto incomplete = list_parts(posix_files(), folder);
    REQUIRE(!incomplete);
    CHECK(std::string{incomplete.error().what()}.find("no _SUCCESS") != std::string::npos);
  }

  TEST_CASE("paths that are empty, lead upwards or hold a NUL are refused") {
    for (auto path : {std::string{}, std::string{".."}, std::string{"../x"}, std::string{"a/../b"},
                      std::string{"a/.."}, std::string{"/a/../../etc"}, std::string{"a\0b", 3}}) {
      CAPTURE(path);
      CHECK_THROWS_AS(check_output_path(path), error);
    }
    for (auto path : {"out", "/abs/out", "a/b..c/..d", "./x"})
      CHECK_NOTHROW(check_output_path(path));
  }

} // TEST_SUITE
