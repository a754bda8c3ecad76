#include "caf_stream/lineage/value_groups.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace caf_stream::lineage;

namespace {

/// The values of each number, in the order given.
template <class V>
std::vector<std::vector<V>> grouped(const std::vector<std::vector<std::uint32_t>>& numbers,
                                    const std::vector<V>& values, std::size_t keys) {
  value_groups<V> groups{values.size()};
  for (auto& part : numbers)
    std::copy(part.begin(), part.end(), groups.add_numbers(part.size()));
  groups.end_numbers(keys);
  for (const V& value : values)
    groups.add_value(value);
  std::vector<std::vector<V>> result;
  for (std::uint32_t i = 0; i < keys; ++i) {
    auto of_key = groups.values(i);
    result.emplace_back(of_key.begin(), of_key.end());
  }
  return result;
}

} // namespace

TEST_SUITE("lineage.value_groups") {

  TEST_CASE("values of a key come together in the order they came") {
    std::vector<std::vector<std::uint32_t>> numbers{{0, 1, 0}, {}, {2, 0}};
    CHECK(grouped<int>(numbers, {5, 7, 2, 1, 9}, 3) ==
          std::vector<std::vector<int>>{{5, 2, 9}, {7}, {1}});
    CHECK(grouped<std::string>(numbers, {"a", "b", "c", "d", "e"}, 3) ==
          std::vector<std::vector<std::string>>{{"a", "c", "e"}, {"b"}, {"d"}});
    CHECK(grouped<double>({}, {}, 0).empty());
  }

  TEST_CASE("many keys have their own values") {
    constexpr std::uint32_t keys = 1000;
    std::vector<std::uint32_t> numbers;
    std::vector<std::vector<int>> expected(keys);
    std::vector<int> values;
    for (int i = 0; i < 10'000; ++i) {
      auto key = i < int(keys) ? std::uint32_t(i) : std::uint32_t(i) * 2'654'435'761u % keys;
      numbers.push_back(key);
      values.push_back(i);
      expected[key].push_back(i);
    }
    CHECK(grouped<int>({numbers}, values, keys) == expected);
  }

} // TEST_SUITE
