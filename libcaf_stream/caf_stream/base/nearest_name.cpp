#include "caf_stream/base/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace caf_stream {

namespace {

// Levenshtein's: letters to put in, leave out or change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j)
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
    std::swap(last, row);
  }
  return last[b.size()];
}

} // namespace

std::string in_place_of(std::string_view misspelt, std::span<const std::string_view> known,
                        std::string_view prefix) {
  // Someone may also have left out the group: `max-rate` for `receiver.max-rate`.
  for (auto name : known)
    if (name.size() > misspelt.size() && name.substr(name.rfind('.') + 1) == misspelt)
      return "; did you mean " + std::string{prefix} + std::string{name} + "?";
  auto nearest = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
    return distance(misspelt, a) < distance(misspelt, b);
  });
  if (nearest == known.end() || distance(misspelt, *nearest) > misspelt.size() / 3 + 1)
    return "";
  return "; did you mean " + std::string{prefix} + std::string{*nearest} + "?";
}

} // namespace caf_stream
