#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Cuts `text`, which ends with a newline, into `count` pieces of about equal size, each of whole
/// lines.
inline std::vector<std::string_view> cut_at_lines(std::string_view text, std::size_t count) {
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    auto aim = text.size() / (count - i);
    auto newline = text.find('\n', aim == 0 ? 0 : aim - 1);
    auto size = newline == std::string_view::npos ? text.size() : newline + 1;
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

} // namespace caf_stream::bench
