#include "bench_case.hpp"

#include <algorithm>

namespace caf_stream::bench {

namespace {

std::vector<bench_case>& cases() {
  static std::vector<bench_case> all;
  return all;
}

} // namespace

bool register_case(bench_case c) {
  cases().push_back(std::move(c));
  return true;
}

std::vector<bench_case> registered_cases() {
  auto result = cases();
  std::sort(result.begin(), result.end(), [](auto& a, auto& b) { return a.name < b.name; });
  return result;
}

} // namespace caf_stream::bench
