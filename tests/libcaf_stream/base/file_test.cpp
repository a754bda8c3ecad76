#include "caf_stream/base/file.hpp"

#include <csignal>
#include <thread>

#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/stat.h>

#include "caf_stream/base/faulty_file_system.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using caf_stream::test::temp_folder;

namespace {

std::string text_of(const status& s) { return s ? "success" : s.error().what(); }

std::unique_ptr<file_writer> open(file_system& files, const std::string& path,
                                  open_mode mode = open_mode::create) {
  auto file = files.open(path, mode);
  REQUIRE(file);
  return std::move(*file);
}

// A file whose content and name would survive a crash.
void write_durably(file_system& files, const std::string& path, std::string_view content) {
  auto file = open(files, path);
  REQUIRE(file->append(content));
  REQUIRE(file->sync());
  REQUIRE(files.sync_directory(parent_directory(path)));
}

} // namespace

TEST_SUITE("base.file") {

  TEST_CASE("what is appended is read back, and appending goes on at the end") {
    temp_folder folder;
    auto& files = posix_files();
    auto path = folder / "log";
    {
      auto file = open(files, path);
      CHECK(file->append("one "));
      CHECK(file->append(""));
      CHECK(file->append("two"));
      CHECK(file->sync());
      CHECK(file->close());
      CHECK(file->close());
    }
    CHECK(open(files, path, open_mode::append)->append(" three"));
    CHECK(files.read_all(path).value() == "one two three");
    CHECK(files.size(path).value() == 13);
    CHECK(open(files, path, open_mode::create)->append("new"));
    CHECK(files.read_all(path).value() == "new");
  }

  TEST_CASE("a file of a megabyte with every byte value is read back") {
    temp_folder folder;
    std::string content(1 << 20, '\0');
    for (std::size_t i = 0; i < content.size(); ++i)
      content[i] = static_cast<char>(i * 7 + i / 256);
    CHECK(open(posix_files(), folder / "big")->append(content));
    CHECK(posix_files().read_all(folder / "big").value() == content);
    CHECK(posix_files().read_all("/proc/self/stat").value().size() > 20); // says it has no size
  }

  TEST_CASE("files are renamed, listed, cut and removed") {
    temp_folder folder;
    auto& files = posix_files();
    CHECK(files.create_directories(folder / "a/b"));
    CHECK(files.create_directories(folder / "a/b"));
    CHECK(open(files, folder / "a/z")->append("zz"));
    CHECK(open(files, folder / "a/y")->append("yyyy"));
    CHECK(files.list(folder / "a").value() == std::vector<std::string>{"b", "y", "z"});
    CHECK(files.rename(folder / "a/z", folder / "a/y"));
    CHECK(files.read_all(folder / "a/y").value() == "zz");
    CHECK_FALSE(files.exists(folder / "a/z").value());
    CHECK(files.truncate(folder / "a/y", 1));
    CHECK(files.read_all(folder / "a/y").value() == "z");
    CHECK(files.sync_directory(folder / "a"));
    CHECK(files.remove(folder / "a/y"));
    CHECK(files.remove(folder / "a/y"));
    CHECK(files.remove_all(folder / "a"));
    CHECK(files.remove_all(folder / "a"));
    CHECK_FALSE(files.exists(folder / "a").value());
  }

  TEST_CASE("failures are sentences with the path and the system's words") {
    auto& files = posix_files();
    CHECK(text_of(files.open("/no/such/file", open_mode::append).map([](auto&&) {})) ==
          "cannot open /no/such/file for writing: No such file or directory");
    CHECK(text_of(files.rename("/no/such", "/nor/such")) ==
          "cannot rename /no/such to /nor/such: No such file or directory");
    CHECK(text_of(files.read_all("/no/such").map([](auto&&) {})) ==
          "cannot open /no/such for reading: No such file or directory");
    CHECK(text_of(files.list("/no/such").map([](auto&&) {})) ==
          "cannot list the folder /no/such: No such file or directory");
    CHECK(text_of(files.sync_directory("/no/such")) ==
          "cannot sync the folder /no/such: No such file or directory");
    CHECK(text_of(files.truncate("/no/such", 3)) ==
          "cannot cut /no/such to 3 bytes: No such file or directory");
    CHECK_FALSE(files.create_directories("/proc/none/x"));
    CHECK_FALSE(files.size("/no/such"));
    CHECK_FALSE(files.open(std::string{"/tmp/a\0b", 8}, open_mode::create));
    CHECK_FALSE(files.rename(std::string{"a\0b", 3}, "c"));
  }

  TEST_CASE("a writer on a full device reports it") {
    auto file = open(posix_files(), "/dev/full", open_mode::append);
    CHECK(text_of(file->append("x")) == "cannot write to /dev/full: No space left on device");
  }

  TEST_CASE("a signal in the middle of a large write loses nothing") {
    temp_folder folder;
    auto pipe = folder / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    struct sigaction quiet {};
    struct sigaction before {};
    quiet.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &quiet, &before);
    std::string sent(1 << 20, 'x'), received;
    auto writing = ::pthread_self();
    std::thread reader{[&] {
      std::FILE* in = std::fopen(pipe.c_str(), "r");
      char buffer[5000];
      for (;;) {
        ::pthread_kill(writing, SIGUSR1); // the writer waits for room most of the time
        auto n = std::fread(buffer, 1, sizeof buffer, in);
        received.append(buffer, n);
        if (n < sizeof buffer)
          break;
      }
      std::fclose(in);
    }};
    {
      auto file = open(posix_files(), pipe, open_mode::append);
      CHECK(file->append(sent));
    }
    reader.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    CHECK(received.size() == sent.size());
  }

  TEST_CASE("parent_directory names the folder of a path") {
    CHECK(parent_directory("/a/b/c") == "/a/b");
    CHECK(parent_directory("a/b") == "a");
    CHECK(parent_directory("a") == ".");
    CHECK(parent_directory("/a") == "/");
  }

  TEST_CASE("replace_file leaves nothing beside the file") {
    temp_folder folder;
    CHECK(replace_file(posix_files(), folder / "m", "one"));
    CHECK(replace_file(posix_files(), folder / "m", "two"));
    CHECK(posix_files().read_all(folder / "m").value() == "two");
    CHECK(posix_files().list(folder.path()).value() == std::vector<std::string>{"m"});
  }

  TEST_CASE("append gets through short and interrupted writes") {
    temp_folder folder;
    faulty_file_system files;
    files.set_faults({.longest_write = 3, .interrupt_every = 2});
    CHECK(open(files, folder / "f")->append("hello, world"));
    CHECK(files.read_all(folder / "f").value() == "hello, world");
    CHECK(files.writes() == 7);
  }

  TEST_CASE(
    "without space a write stops at the last byte that fits, and goes on when there is room") {
    temp_folder folder;
    faulty_file_system files;
    files.set_faults({.space = 10});
    auto a = open(files, folder / "a");
    auto b = open(files, folder / "b");
    CHECK(a->append("123456"));
    CHECK(text_of(b->append("123456")) ==
          "cannot write to " + (folder / "b") + ": No space left on device");
    CHECK(files.read_all(folder / "b").value() == "1234");
    CHECK(files.faults().space == 0);
    files.set_faults({});
    CHECK(b->append("56"));
    CHECK(files.read_all(folder / "b").value() == "123456");
  }

  TEST_CASE("a failing sync is reported, for files and folders") {
    temp_folder folder;
    faulty_file_system files;
    auto file = open(files, folder / "f");
    files.set_faults({.sync_fails = true});
    CHECK(text_of(file->sync()) == "cannot sync " + (folder / "f") + ": Input/output error");
    CHECK_FALSE(files.sync_directory(folder.path()));
    CHECK_FALSE(files.truncate(folder / "f", 0));
    CHECK(files.syncs() == 2);
  }

  TEST_CASE("the rename that was asked for fails, and only that one") {
    temp_folder folder;
    faulty_file_system files;
    open(files, folder / "a");
    files.set_faults({.fail_rename_at = 2});
    CHECK(files.rename(folder / "a", folder / "b"));
    CHECK(text_of(files.rename(folder / "b", folder / "c")) ==
          "cannot rename " + (folder / "b") + " to " + (folder / "c") + ": Input/output error");
    CHECK(files.exists(folder / "b").value());
    CHECK(files.rename(folder / "b", folder / "c"));
    CHECK(files.renames() == 3);
  }

  TEST_CASE("a slow disk takes its time") {
    temp_folder folder;
    faulty_file_system files;
    auto file = open(files, folder / "a");
    files.set_faults({.delay = std::chrono::milliseconds{2}});
    auto start = std::chrono::steady_clock::now();
    CHECK(file->append("x"));
    CHECK(file->sync());
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds{4});
  }

  TEST_CASE("a crash cuts what was not synced") {
    temp_folder folder;
    faulty_file_system files;
    auto path = folder / "log";
    write_durably(files, path, "safe");
    auto file = open(files, path, open_mode::append);
    CHECK(file->append(" and not"));
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(path).value() == "safe");
    CHECK_FALSE(file->append("ghost"));
    CHECK_FALSE(file->sync());
    CHECK(open(files, path, open_mode::append)->append(" again"));
    CHECK(files.read_all(path).value() == "safe again");
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(path).value() == "safe");
  }

  TEST_CASE("a crash leaves alone what was there before") {
    temp_folder folder;
    CHECK(open(posix_files(), folder / "old")->append("content"));
    faulty_file_system files;
    CHECK(open(files, folder / "old", open_mode::append)->append(" more"));
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(folder / "old").value() == "content");
  }

  TEST_CASE("a new file is gone after a crash unless its folder was synced") {
    temp_folder folder;
    faulty_file_system files;
    auto a = open(files, folder / "a");
    CHECK(a->append("x"));
    CHECK(a->sync());
    CHECK(files.drop_unsynced());
    CHECK_FALSE(files.exists(folder / "a").value());
    write_durably(files, folder / "b", "x");
    CHECK(files.drop_unsynced());
    CHECK(files.exists(folder / "b").value());
  }

  TEST_CASE("a rename is undone by a crash and brings back the file it replaced") {
    temp_folder folder;
    faulty_file_system files;
    write_durably(files, folder / "m", "old");
    auto aside = open(files, folder / "m.tmp");
    CHECK(aside->append("new"));
    CHECK(aside->sync());
    CHECK(files.rename(folder / "m.tmp", folder / "m"));
    CHECK(files.read_all(folder / "m").value() == "new");
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(folder / "m").value() == "old");
    CHECK_FALSE(files.exists(folder / "m.tmp").value());
  }

  TEST_CASE("a file renamed before it was synced is cut after a crash") {
    temp_folder folder;
    faulty_file_system files;
    auto aside = open(files, folder / "m.tmp");
    CHECK(aside->append("new"));
    CHECK(files.rename(folder / "m.tmp", folder / "m"));
    CHECK(files.sync_directory(folder.path()));
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(folder / "m").value().empty());
  }

  TEST_CASE("a removed file comes back after a crash unless its folder was synced") {
    temp_folder folder;
    faulty_file_system files;
    write_durably(files, folder / "a", "x");
    CHECK(files.remove(folder / "a"));
    CHECK(files.drop_unsynced());
    CHECK(files.read_all(folder / "a").value() == "x");
    CHECK(files.remove(folder / "a"));
    CHECK(files.sync_directory(folder.path() + "/"));
    CHECK(files.drop_unsynced());
    CHECK_FALSE(files.exists(folder / "a").value());
  }

  TEST_CASE("a folder that is renamed takes along what is known of its files") {
    temp_folder folder;
    faulty_file_system files;
    CHECK(files.create_directories(folder / "out.tmp"));
    write_durably(files, folder / "out.tmp/a", "a");
    auto b = open(files, folder / "out.tmp/b");
    CHECK(b->append("b"));
    CHECK(b->sync());
    CHECK(files.rename(folder / "out.tmp", folder / "out"));
    CHECK(files.sync_directory(folder.path()));
    SUBCASE("the name of a file in it was not durable") {
      CHECK(files.drop_unsynced());
      CHECK(files.list(folder / "out").value() == std::vector<std::string>{"a"});
    }
    SUBCASE("all names were") {
      CHECK(files.sync_directory(folder / "out"));
      CHECK(files.drop_unsynced());
      CHECK(files.list(folder / "out").value() == std::vector<std::string>{"a", "b"});
    }
  }

  TEST_CASE("replace_file shows the old file or the new one wherever it is cut short") {
    temp_folder folder;
    auto path = folder / "manifest";
    for (int fault = 0; fault < 4; ++fault) {
      CAPTURE(fault);
      faulty_file_system files;
      REQUIRE(replace_file(files, path, "old"));
      if (fault == 0)
        files.set_faults({.space = 2});
      else if (fault == 1)
        files.set_faults({.sync_fails = true});
      else if (fault == 2)
        files.set_faults({.fail_rename_at = 1});
      CHECK(replace_file(files, path, "new").has_value() == (fault == 3));
      CHECK(files.drop_unsynced());
      CHECK(files.read_all(path).value() == (fault == 3 ? "new" : "old"));
    }
  }

  TEST_CASE("remove_all takes what was known of the folder with it") {
    temp_folder folder;
    faulty_file_system files;
    CHECK(files.create_directories(folder / "d"));
    CHECK(open(files, folder / "d/a")->append("x"));
    CHECK(files.remove_all(folder / "d"));
    CHECK(files.drop_unsynced());
    CHECK_FALSE(files.exists(folder / "d").value());
  }

} // TEST_SUITE
