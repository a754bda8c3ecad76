#include "caf_stream/base/mapped_file.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using test::set_modified;
using test::write_file;

namespace {

file_stamp stamp(const std::string& path) { return stamp_of(path).value().value(); }

} // namespace

TEST_SUITE("base.mapped_file") {

  TEST_CASE("a stamp has size and time, through links; folders have none") {
    test::temp_folder folder;
    write_file(folder / "a", "hello");
    set_modified(folder / "a", from_millis(1234567));
    std::filesystem::create_symlink(folder / "a", folder / "link");
    CHECK(stamp(folder / "a") == file_stamp{5, from_millis(1234567)});
    CHECK(stamp(folder / "link") == stamp(folder / "a"));
    CHECK_FALSE(stamp_of(folder.path()).value());
    auto none = stamp_of(folder / "none");
    REQUIRE_FALSE(none);
    CHECK(none.error().code() == errc::io_error);
  }

  TEST_CASE("the content is that of the file, also where it is empty") {
    test::temp_folder folder;
    std::string content(100'000, 'x');
    content += '\0';
    write_file(folder / "a", content);
    write_file(folder / "empty", "");
    CHECK(map_file(folder / "a", stamp(folder / "a")).value()->content() == content);
    CHECK(map_file(folder / "empty", stamp(folder / "empty")).value()->content() == "");
  }

  TEST_CASE("a copied file that is cut short while somebody reads it is still what it was") {
    test::temp_folder folder;
    std::string content(1'000'000, 'x');
    write_file(folder / "a", content);
    auto file = map_file(folder / "a", stamp(folder / "a"), file_access::copied).value();
    std::filesystem::resize_file(folder / "a", 10);
    CHECK(file->content() == content); // where it is mapped, this ends the process
  }

  TEST_CASE("copied and mapped files are the same") {
    test::temp_folder folder;
    std::string content(std::size_t{1} << 20, 'x');
    content.back() = 'y';
    write_file(folder / "a", content);
    for (auto access : {file_access::copied, file_access::mapped}) {
      auto file = map_file(folder / "a", stamp(folder / "a"), access).value();
      CHECK((file->content() == content));
    }
  }

  TEST_CASE("a file that has changed, is gone, or cannot be read is an error that names it") {
    test::temp_folder folder;
    auto path = folder / "a";
    write_file(path, "hello");
    auto found = stamp(path);
    write_file(path, "hello, world");
    auto changed = map_file(path, found);
    REQUIRE_FALSE(changed);
    CHECK(changed.error().code() == errc::invalid_state);
    set_modified(path, from_millis(1000));
    found = stamp(path);
    set_modified(path, from_millis(2000));
    CHECK_FALSE(map_file(path, found));
    std::filesystem::remove(path);
    auto gone = map_file(path, found);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code() == errc::io_error);
    CHECK(std::string{gone.error().what()}.find(path) != std::string::npos);
  }

} // TEST_SUITE
