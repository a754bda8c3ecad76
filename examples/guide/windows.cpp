#include "clicks.hpp"

namespace shop {

cs::dstream<page_count> recent_pages(const cs::dstream<fact>& clicks, cs::duration length,
                                     cs::duration slide) {
  return clicks.map(one_of_page).reduce_by_key_and_window(std::plus{}, length, slide);
}

cs::dstream<page_count> busiest_pages(const cs::dstream<fact>& clicks, cs::duration length) {
  auto is_there = [](const std::string&, long count) { return count != 0; };
  return clicks.map(one_of_page)
    .reduce_by_key_and_window(std::plus{}, std::minus{}, length, is_there)
    .transform([](const cs::rdd<page_count>& counts) {
      return counts.sort_by([](const page_count& x) { return std::pair{-x.second, x.first}; });
    });
}

} // namespace shop
