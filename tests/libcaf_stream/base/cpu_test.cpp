#include "caf_stream/base/cpu.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;

TEST_SUITE("base.cpu") {
  TEST_CASE("levels are read as they are written") {
    for (auto level : cpu_levels) {
      auto read = cpu_level::portable;
      CHECK(parse_cpu_level(to_string(level), read));
      CHECK(read == level);
    }
    auto unchanged = cpu_level::avx2;
    CHECK_FALSE(parse_cpu_level("sse", unchanged));
    CHECK_FALSE(parse_cpu_level("", unchanged));
    CHECK(unchanged == cpu_level::avx2);
  }

  TEST_CASE("the active level is one the processor has, and stays the same") {
    auto level = active_cpu_level();
    CHECK(level <= best_cpu_level());
    CHECK(active_cpu_level() == level);
  }
}
