#include "caf_stream/data/page_memory.hpp"

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

using namespace caf_stream;

namespace {

struct alignas(64) wide {
  double values[8];
};

} // namespace

TEST_SUITE("data.page_memory") {

  TEST_CASE("pieces of any size are aligned as their type wants") {
    for (std::size_t n : {1, 3, 100, 100'000}) {
      std::vector<std::vector<wide, data::page_allocator<wide>>> some;
      for (int i = 0; i < 5; ++i) {
        some.emplace_back(n);
        CHECK(reinterpret_cast<std::uintptr_t>(some.back().data()) % alignof(wide) == 0);
        some.back().back().values[7] = 1;
      }
    }
  }

} // TEST_SUITE
