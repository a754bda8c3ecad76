#include "caf_stream/receivers/file_watch.hpp"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using caf_stream::receivers::watch_files;
using caf_stream::receivers::watch_mode;
using test::set_modified;
using test::write_file;
namespace fs = std::filesystem;

namespace {

// Names of what is found, sorted; with a star those of the start.
std::string look(ingest::file_finder& finder) {
  std::vector<std::string> names;
  for (auto& file : finder.look())
    names.push_back(fs::path{file.path}.filename().string() + (file.at_start ? "*" : ""));
  std::sort(names.begin(), names.end());
  std::string result;
  for (auto& name : names)
    result += name + " ";
  return result;
}

constexpr watch_mode modes[] = {watch_mode::notified, watch_mode::listed};

} // namespace

TEST_SUITE("receivers.file_watch") {

  TEST_CASE("each file is found once, and again when it has changed") {
    for (auto mode : modes) {
      test::temp_folder folder;
      fs::create_directory(folder / "in");
      write_file(folder / "in/old", "x");
      auto finder = watch_files(folder / "in", mode);
      CHECK(look(*finder) == "old* ");
      CHECK(look(*finder) == "");
      write_file(folder / "elsewhere", "x");
      fs::rename(folder / "elsewhere", folder / "in/moved");
      write_file(folder / "in/written", "x");
      CHECK(look(*finder) == "moved written ");
      CHECK(look(*finder) == "");
      set_modified(folder / "in/moved", from_millis(1000));
      CHECK(look(*finder) == "moved ");
      fs::remove(folder / "in/written");
      CHECK(look(*finder) == "");
      write_file(folder / "in/written", "x");
      set_modified(folder / "in/written", from_millis(2000));
      CHECK(look(*finder) == "written ");
    }
  }

  TEST_CASE("links are files, FIFOs and folders are not") {
    for (auto mode : modes) {
      test::temp_folder folder;
      fs::create_directory(folder / "in");
      write_file(folder / "file", "x");
      auto finder = watch_files(folder / "in", mode);
      CHECK(look(*finder) == "");
      fs::create_directory(folder / "in/folder");
      CHECK(::mkfifo((folder / "in/fifo").c_str(), 0600) == 0);
      fs::create_symlink(folder / "file", folder / "in/symbolic");
      fs::create_symlink(folder / "in/fifo", folder / "in/to_fifo");
      fs::create_symlink(folder / "nothing", folder / "in/broken");
      fs::create_hard_link(folder / "file", folder / "in/hard");
      CHECK(look(*finder) == "hard symbolic ");
    }
  }

  TEST_CASE("a file that is being written is found when it is closed") {
    test::temp_folder folder;
    auto finder = watch_files(folder.path());
    CHECK(look(*finder) == "");
    std::ofstream file{folder / "slow"};
    file << "beginning" << std::flush;
    CHECK(look(*finder) == "");
    file << "end";
    file.close();
    CHECK(look(*finder) == "slow ");
  }

  TEST_CASE("a file that was linked in is found though its other name is gone by then") {
    test::temp_folder folder;
    fs::create_directory(folder / "in");
    auto finder = watch_files(folder / "in");
    CHECK(look(*finder) == "");
    write_file(folder / "aside", "x");
    fs::create_hard_link(folder / "aside", folder / "in/linked");
    fs::remove(folder / "aside");
    {
      std::ifstream reader{folder / "in/linked"}; // who reads it does not write it
      CHECK(look(*finder) == "");
      CHECK(look(*finder) == "");
    }
    CHECK(look(*finder) == "linked ");
    write_file(folder / "aside", "x");
    fs::create_hard_link(folder / "aside", folder / "in/again");
    fs::remove(folder / "aside");
    CHECK(look(*finder) == "");
    CHECK(look(*finder) == "again ");
    std::ofstream slow{folder / "in/slow"};
    for (int i = 0; i < 3; ++i)
      CHECK(look(*finder) == "");
    slow << "all";
    slow.close();
    CHECK(look(*finder) == "slow ");
  }

  TEST_CASE("a folder behind a symbolic link is the one that the link leads to now") {
    for (auto mode : modes) {
      test::temp_folder folder;
      for (auto* name : {"first", "second"}) {
        fs::create_directory(folder / name);
        write_file(folder / name + "/" + name, "x");
      }
      fs::create_directory_symlink(folder / "first", folder / "in");
      auto finder = watch_files(folder / "in", mode);
      CHECK(look(*finder) == "first* ");
      fs::create_directory_symlink(folder / "second", folder / "new");
      fs::rename(folder / "new", folder / "in");
      CHECK(look(*finder) == "second ");
      write_file(folder / "first/late", "x");
      write_file(folder / "second/later", "x");
      CHECK(look(*finder) == "later ");
    }
  }

  TEST_CASE("a folder with two names is watched under both, until both are gone") {
    for (auto mode : modes) {
      test::temp_folder folder;
      fs::create_directory(folder / "real");
      fs::create_directory_symlink(folder / "real", folder / "in-1");
      fs::create_directory_symlink(folder / "real", folder / "in-2");
      auto finder = watch_files(folder / "in-*", mode);
      CHECK(look(*finder) == "");
      write_file(folder / "real/a", "x");
      CHECK(look(*finder) == "a a ");
      fs::remove(folder / "in-1");
      CHECK(look(*finder) == "");
      write_file(folder / "real/b", "x");
      CHECK(look(*finder) == "b ");
      fs::remove(folder / "in-2");
      CHECK(look(*finder) == "");
      write_file(folder / "real/c", "x");
      CHECK(look(*finder) == "");
    }
  }

  TEST_CASE("folders that match a pattern come and go") {
    for (auto mode : modes) {
      test::temp_folder folder;
      auto finder = watch_files(folder / "day-*", mode);
      CHECK(look(*finder) == "");
      fs::create_directory(folder / "day-1");
      fs::create_directory(folder / "night-1");
      write_file(folder / "day-1/a", "x");
      write_file(folder / "night-1/b", "x");
      write_file(folder / "day-file", "x"); // no folder
      CHECK(look(*finder) == "a ");
      fs::rename(folder / "night-1", folder / "day-2");
      CHECK(look(*finder) == "b ");
      fs::remove_all(folder / "day-1");
      CHECK(look(*finder) == "");
      fs::create_directory(folder / "day-1");
      write_file(folder / "day-1/a", "again");
      CHECK(look(*finder) == "a ");
      // In one step: what was there is gone, another is in its place.
      fs::rename(folder / "day-1", folder / "away");
      fs::rename(folder / "day-2", folder / "day-1");
      write_file(folder / "day-1/c", "x");
      auto seen = look(*finder);
      CHECK(seen.find("c ") != std::string::npos);
    }
  }

  TEST_CASE("more files than notices are kept of are found all the same") {
    test::temp_folder folder;
    auto finder = watch_files(folder.path());
    CHECK(look(*finder) == "");
    constexpr std::size_t total = 1000;
    for (std::size_t i = 0; i < total; ++i)
      write_file(folder / std::to_string(i), "x");
    CHECK(finder->look().size() == total);
    // More notices than the kernel keeps (16,384 by default), and those of the new files after
    // them.
    for (int round = 0; round < 20; ++round)
      for (std::size_t i = 0; i < total; ++i)
        set_modified(folder / std::to_string(i), from_millis(1000 + round));
    for (std::size_t i = total; i < 2 * total; ++i)
      write_file(folder / std::to_string(i), "x");
    CHECK(finder->look().size() == 2 * total);
    CHECK(look(*finder) == "");
  }

} // TEST_SUITE
