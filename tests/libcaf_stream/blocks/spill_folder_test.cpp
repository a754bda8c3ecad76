#include "caf_stream/blocks/spill_folder.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caf_stream/base/faulty_file_system.hpp"
#include "caf_stream/data/record_list.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::blocks;

namespace {

struct plain {
  int x = 0;
};

data::payload numbers(int n) {
  data::record_list<int> list;
  for (int i = 0; i < n; ++i)
    list.items.push_back(i);
  return data::payload::make(std::move(list), static_cast<std::uint64_t>(n), 4);
}

int last_of(const data::payload& x) { return (*x.get<data::record_list<int>>())->items.back(); }

std::size_t files_in(const std::string& folder) {
  return folder.empty() ? 0 : posix_files().list(folder)->size();
}

// A process that spills something and is killed then. Returns when it is gone.
void spill_and_be_killed(const std::string& below) {
  int told[2];
  REQUIRE(::pipe(told) == 0);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto folder = std::make_shared<spill_folder>(below);
    auto spilled = folder->store(numbers(3), "block");
    char done = spilled ? 'y' : 'n';
    static_cast<void>(!::write(told[1], &done, 1));
    for (;;)
      ::pause();
  }
  char done = 0;
  CHECK(::read(told[0], &done, 1) == 1);
  CHECK(done == 'y');
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(told[0]);
  ::close(told[1]);
}

} // namespace

TEST_SUITE("blocks.spill_folder") {

  TEST_CASE("nothing is made before something is stored") {
    test::temp_folder below;
    auto folder = std::make_shared<spill_folder>(below.path());
    CHECK(folder->path().empty());
    CHECK(files_in(below.path()) == 0);
    REQUIRE(folder->store(numbers(1), "block"));
    CHECK(std::filesystem::path{folder->path()}.parent_path() == below.path());
    CHECK(files_in(folder->path()) == 2); // the lock and the block
  }

  TEST_CASE("live and encoded payloads come back; the file goes with the last copy") {
    test::temp_folder below;
    auto folder = std::make_shared<spill_folder>(below / "made" + "/deep");
    auto live = folder->store(numbers(5), "block");
    REQUIRE(live);
    auto encoded = folder->store(data::payload::from_encoding(numbers(7).encode(), 7, 4), "block");
    REQUIRE(encoded);
    CHECK(live->payload.is_stored());
    CHECK(live->payload.records() == 5);
    CHECK(last_of(live->payload) == 4);
    CHECK(last_of(encoded->payload) == 6);
    CHECK(files_in(folder->path()) == 3);
    auto copy = live->payload;
    live->payload = {};
    folder->remove_released();
    CHECK(files_in(folder->path()) == 3);
    copy = {};
    folder->remove_released();
    CHECK(files_in(folder->path()) == 2);
  }

  TEST_CASE("the folder goes at the end, and what was in it cannot be read") {
    test::temp_folder below;
    auto folder = std::make_shared<spill_folder>(below.path());
    auto spilled = folder->store(numbers(5), "block 0/0/7");
    REQUIRE(spilled);
    folder->close();
    CHECK(files_in(below.path()) == 0);
    CHECK(!folder->store(numbers(5), "block"));
    auto read = spilled->payload.get<data::record_list<int>>();
    REQUIRE(!read);
    std::string text = read.error().what();
    CHECK(text.find("block 0/0/7 cannot be read back from " + below.path()) == 0);
  }

  TEST_CASE("what is damaged is named, with its file") {
    test::temp_folder below;
    auto folder = std::make_shared<spill_folder>(below.path());
    auto spilled = folder->store(numbers(5), "block 0/0/7");
    REQUIRE(spilled);
    auto path = folder->path() + "/1.spill";
    auto bytes = *posix_files().read_all(path);
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    REQUIRE((*posix_files().open(path, open_mode::create))->append(bytes));
    auto read = spilled->payload.load();
    REQUIRE(!read);
    CHECK(read.error().code() == errc::damaged_data);
    CHECK(std::string{read.error().what()} ==
          "block 0/0/7 cannot be read back from " + path + ": its checksum is wrong");
  }

  TEST_CASE("what cannot be written or encoded is an error, and later ones are written") {
    test::temp_folder below;
    faulty_file_system files;
    auto folder = std::make_shared<spill_folder>(below.path(), files);
    REQUIRE(folder->store(numbers(5), "block"));
    files.set_faults({.space = 10});
    auto full = folder->store(numbers(5), "block");
    REQUIRE(!full);
    CHECK(full.error().code() == errc::io_error);
    files.set_faults({});
    auto later = folder->store(numbers(5), "block");
    REQUIRE(later);
    CHECK(last_of(later->payload) == 4);
    auto never = std::make_shared<spill_folder>("/proc/none");
    auto refused = never->store(numbers(1), "block");
    REQUIRE(!refused);
    CHECK(refused.error().code() == errc::io_error);
  }

  TEST_CASE("the folder of a killed process is removed at the next start, a living one's is not") {
    test::temp_folder below;
    auto living = std::make_shared<spill_folder>(below.path());
    auto spilled = living->store(numbers(5), "block");
    REQUIRE(spilled);
    spill_and_be_killed(below.path());
    spill_and_be_killed(below.path());
    std::filesystem::create_directory(below / "caf_stream-spill-1-empty");
    std::filesystem::create_directory(below / "something-else");
    CHECK(files_in(below.path()) == 5);
    auto next = std::make_shared<spill_folder>(below.path());
    CHECK(next->remove_left_over() == 2);
    CHECK(files_in(below.path()) == 2);
    CHECK(last_of(spilled->payload) == 4);
    CHECK(next->remove_left_over() == 0);
  }

} // TEST_SUITE
