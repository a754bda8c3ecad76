#include "caf_stream/codec/checksum.hpp"

#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include "caf_stream/base/cpu.hpp"
#include "caf_stream/codec/checksum_kernels.hpp"

using namespace caf_stream;
using namespace caf_stream::codec;

namespace {

std::string counting(std::size_t size) {
  std::string result;
  for (std::size_t i = 0; i < size; ++i)
    result.push_back(static_cast<char>(i * 7 + i / 256));
  return result;
}

} // namespace

TEST_SUITE("codec.checksum") {

  TEST_CASE("published checksums come out") {
    CHECK(crc32c("123456789") == 0xe3069283);
    CHECK(crc32c("") == 0);
    // RFC 3720, appendix B.4
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
    std::string rising;
    for (char c = 0; c < 32; ++c)
      rising.push_back(c);
    CHECK(crc32c(rising) == 0x46dd794e);
  }

  TEST_CASE("a checksum can be continued at any place") {
    const auto all = counting(100);
    const auto expected = crc32c(all);
    for (std::size_t cut = 0; cut <= all.size(); ++cut)
      CHECK(crc32c(all.substr(cut), crc32c(all.substr(0, cut))) == expected);
  }

  TEST_CASE("every flipped bit changes the checksum") {
    auto data = counting(40);
    const auto expected = crc32c(data);
    for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
      data[bit / 8] = static_cast<char>(data[bit / 8] ^ (1 << (bit % 8)));
      CHECK(crc32c(data) != expected);
      data[bit / 8] = static_cast<char>(data[bit / 8] ^ (1 << (bit % 8)));
    }
  }

  TEST_CASE("all processors agree, at every size and address") {
    const auto data = counting(300);
    for (std::size_t begin = 0; begin < 9; ++begin) {
      for (std::size_t size = 0; begin + size <= data.size(); ++size) {
        const auto portable = crc32c_portable(data.data() + begin, size, 5);
        REQUIRE(crc32c({data.data() + begin, size}, 5) == portable);
#if defined(__x86_64__)
        if (best_cpu_level() >= cpu_level::sse42)
          REQUIRE(crc32c_sse42(data.data() + begin, size, 5) == portable);
#endif
      }
    }
  }
}
