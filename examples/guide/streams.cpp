#include "clicks.hpp"

namespace shop {

cs::dstream<fact> by_name(const cs::dstream<std::string_view>& lines) {
  return lines
    .filter([](std::string_view line) {
      auto blank = line.find(' ');
      return blank > 0 && line.find_first_not_of(' ', blank) != line.npos;
    })
    .map([](std::string_view line) {
      auto blank = line.find(' ');
      return fact{line.substr(0, blank), line.substr(blank + 1)};
    });
}

std::pair<std::string_view, long> one_of_page(const fact& click) { return {click.second, 1}; }

cs::dstream<page_count> count_pages(const cs::dstream<fact>& clicks) {
  return clicks.map(one_of_page).reduce_by_key(std::plus{});
}

} // namespace shop
