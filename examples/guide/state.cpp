#include "clicks.hpp"

namespace shop {

namespace {

std::optional<long> add(std::span<const long> ones, std::optional<long> total) {
  return total.value_or(0) + static_cast<long>(ones.size());
}

// Called for each click of a visitor, and a last time, without a page, when the visit has ended.
std::optional<visit> follow(cs::batch_time, const std::string& name,
                            std::optional<std::string> page,
                            cs::state<std::vector<std::string>>& pages) {
  if (pages.is_timing_out())
    return visit{name, pages.get()};
  auto seen = pages.get_option().value_or(std::vector<std::string>{});
  seen.push_back(*page);
  pages.update(std::move(seen));
  return std::nullopt;
}

} // namespace

cs::dstream<page_count> total_pages(const cs::dstream<fact>& clicks) {
  return clicks.map(one_of_page).update_state_by_key(add);
}

cs::dstream<visit> visits(const cs::dstream<fact>& clicks, cs::duration idle) {
  return clicks.map_with_state(cs::state_spec(follow).timeout(idle));
}

} // namespace shop
