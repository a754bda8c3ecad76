#include "caf_stream/blocks/spill_file.hpp"

#include <random>

#include <doctest/doctest.h>

#include "caf_stream/base/faulty_file_system.hpp"
#include "caf_stream/codec/checksum.hpp"
#include "libcaf_stream/codec/damage.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::blocks;

namespace {

std::string text_of(std::size_t size) {
  std::mt19937 random{7};
  std::string result;
  while (result.size() < size)
    result += "word" + std::to_string(random() % 1000) + ' ';
  result.resize(size);
  return result;
}

void put_file(const std::string& path, std::string_view content) {
  auto file = posix_files().open(path, open_mode::create);
  REQUIRE(file);
  REQUIRE((*file)->append(content));
}

} // namespace

TEST_SUITE("blocks.spill_file") {

  TEST_CASE("what was written is read back, and text is smaller on disk") {
    test::temp_folder folder;
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1'000'000}}) {
      auto text = text_of(size);
      auto path = folder / "x";
      auto written = write_spill_file(posix_files(), path, text);
      REQUIRE(written);
      CHECK(*posix_files().size(path) == *written);
      auto read = read_spill_file(posix_files(), path);
      REQUIRE(read);
      CHECK(codec::as_view(*read) == text);
      if (size > 1000)
        CHECK(*written < size / 2);
    }
  }

  TEST_CASE("the bytes are those of the description") {
    test::temp_folder folder;
    REQUIRE(write_spill_file(posix_files(), folder / "x", "abc"));
    auto file = *posix_files().read_all(folder / "x");
    REQUIRE(file.size() > 28);
    CHECK(file.substr(0, 8) == "cafspil\x01");
    CHECK(codec::load_raw<std::uint64_t>(file.data() + 8) == 3);
    auto m = file.size() - 28;
    CHECK(codec::load_raw<std::uint32_t>(file.data() + 16) == 0xfd2fb528); // zstd's magic number
    CHECK(codec::load_raw<std::uint64_t>(file.data() + 16 + m) == m);
    CHECK(codec::load_raw<std::uint32_t>(file.data() + 24 + m) ==
          codec::crc32c({file.data(), file.size() - 4}));
  }

  TEST_CASE("whatever is flipped, cut off or added is found") {
    test::temp_folder folder;
    auto path = folder / "x";
    REQUIRE(write_spill_file(posix_files(), path, "some records, one after the other"));
    auto good = *posix_files().read_all(path);
    for (std::size_t at = 0; at < good.size(); ++at)
      for (int bit = 0; bit < 8; ++bit) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
        put_file(path, bad);
        auto read = read_spill_file(posix_files(), path);
        REQUIRE(!read);
        CHECK(read.error().code() == errc::damaged_data);
      }
    for (std::size_t n = 0; n < good.size(); ++n) {
      put_file(path, std::string_view{good}.substr(0, n));
      CHECK(!read_spill_file(posix_files(), path));
    }
    put_file(path, good + "x");
    CHECK(!read_spill_file(posix_files(), path));
  }

  TEST_CASE("a file that is not there is an error with its name") {
    test::temp_folder folder;
    auto read = read_spill_file(posix_files(), folder / "none");
    REQUIRE(!read);
    CHECK(read.error().code() == errc::io_error);
    CHECK(std::string{read.error().what()}.find("none") != std::string::npos);
  }

  TEST_CASE("short and interrupted writes make no difference") {
    test::temp_folder folder;
    faulty_file_system files;
    files.set_faults({.longest_write = 7, .interrupt_every = 3});
    auto text = text_of(10'000);
    REQUIRE(write_spill_file(files, folder / "x", text));
    CHECK(codec::as_view(*read_spill_file(files, folder / "x")) == text);
  }

  TEST_CASE("without space there is an error and no file, wherever the space ends") {
    test::temp_folder folder;
    auto text = text_of(3'000);
    auto size = *write_spill_file(posix_files(), folder / "whole", text);
    for (std::uint64_t space = 0; space < size; space += 13) {
      faulty_file_system files;
      files.set_faults({.space = space});
      auto written = write_spill_file(files, folder / "x", text);
      REQUIRE(!written);
      CHECK(written.error().code() == errc::io_error);
      CHECK(!*posix_files().exists(folder / "x"));
    }
  }

} // TEST_SUITE
