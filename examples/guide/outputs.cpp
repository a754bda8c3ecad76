#include "page_table.hpp"

namespace shop {

void store(const cs::dstream<page_count>& counts, page_table& table) {
  counts.named("page-counts").foreach_partition([&table](auto& records, const cs::output_id& id) {
    std::vector<page_count> rows;
    for (const page_count& x : records)
      rows.push_back(x);
    table.add(id, rows);
  });
}

} // namespace shop
