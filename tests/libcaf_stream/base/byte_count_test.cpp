#include "caf_stream/base/byte_count.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;

TEST_SUITE("base.byte_count") {

  TEST_CASE("sizes are added, scaled and compared") {
    CHECK(4_KiB + 1_B == 4097_B);
    CHECK(1_MiB - 1_KiB == 1023_KiB);
    CHECK(2 * 3_MiB == 6_MiB);
    CHECK(1_GiB / 4 == 256_MiB);
    CHECK(1_GiB / 1_MiB == 1024);
    CHECK(3_MiB < 4_MiB);
    auto sum = 1_KiB;
    sum += 1_KiB;
    sum -= 512_B;
    CHECK(sum.value == 1536);
  }

  TEST_CASE("a size prints exactly, in the largest unit that allows it") {
    CHECK(to_string(64_MiB) == "64MiB");
    CHECK(to_string(1536_KiB) == "1536KiB");
    CHECK(to_string(513_B) == "513B");
    CHECK(to_string(byte_count{}) == "0B");
  }

  TEST_CASE("what is printed is read back") {
    for (auto size : {0_B, 1_B, 1023_B, 1_KiB, 1000_KiB, 1_MiB, 3_GiB, byte_count{UINT64_MAX}})
      CHECK(parse_byte_count(to_string(size)).value() == size);
  }

  TEST_CASE("binary and decimal units are read, with a blank or without") {
    CHECK(parse_byte_count("64MiB").value() == 64_MiB);
    CHECK(parse_byte_count("4 MiB").value() == 4_MiB);
    CHECK(parse_byte_count("4KiB").value() == 4_KiB);
    CHECK(parse_byte_count("1GB").value().value == 1'000'000'000);
    CHECK(parse_byte_count("2TiB").value() == 2048_GiB);
    CHECK(parse_byte_count("3kB").value() == 3000_B);
    CHECK(parse_byte_count("512").value() == 512_B);
    CHECK(parse_byte_count("7B").value() == 7_B);
  }

  TEST_CASE("what is no size is refused with a reason") {
    for (auto text : {"", "MiB", "-1", "1.5GiB", "4 ", "4  MiB", "4mib", "4MiB ", "4MiBs"})
      CHECK_FALSE(parse_byte_count(text));
    CHECK(parse_byte_count("4mib").error().code() == errc::invalid_argument);
    CHECK(std::string{parse_byte_count("4mib").error().what()} ==
          "'4mib' is no size: units are B, KiB, MiB, GiB, TiB, kB, MB, GB and TB");
  }

  TEST_CASE("a size beyond 64 bits is refused") {
    CHECK_FALSE(parse_byte_count("18446744073709551616"));
    CHECK_FALSE(parse_byte_count("16777216TiB"));
    CHECK(parse_byte_count("16777215TiB"));
  }

} // TEST_SUITE
