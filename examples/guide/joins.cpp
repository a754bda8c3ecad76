#include "clicks.hpp"

namespace shop {

cs::dstream<planned_click> with_plans(const cs::dstream<fact>& clicks,
                                      const cs::dstream<fact>& accounts, cs::duration length) {
  auto newest = [](std::string, std::string_view plan) { return std::string{plan}; };
  auto plans = accounts.reduce_by_key_and_window(newest, length);
  return clicks.left_outer_join(plans);
}

cs::dstream<titled_count> with_titles(const cs::dstream<page_count>& counts,
                                      const cs::rdd<page_title>& titles) {
  return counts.transform(
    [titles](const cs::rdd<page_count>& batch) { return batch.join(titles); });
}

cs::dstream<fact> without(const cs::dstream<fact>& clicks, const cs::broadcast<name_set>& names) {
  return clicks.filter([names](const fact& click) { return !names.value().contains(click.first); });
}

} // namespace shop
