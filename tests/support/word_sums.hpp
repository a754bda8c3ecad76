#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Words with a 1 beside each, and what a state that adds them up has after each batch.

namespace caf_stream::test {

using view_pair = std::pair<std::string_view, int>;
using count = std::pair<std::string, long>;
using counts = std::vector<std::vector<count>>;

inline const std::vector<std::vector<view_pair>> words{
  {{"a", 1}}, {{"a", 1}, {"b", 1}, {"a", 1}}, {}, {{"c", 1}}};

inline const counts sums_of_words{
  {{"a", 1}}, {{"a", 3}, {"b", 1}}, {{"a", 3}, {"b", 1}}, {{"a", 3}, {"b", 1}, {"c", 1}}};

} // namespace caf_stream::test
