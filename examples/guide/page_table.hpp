#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "clicks.hpp"

namespace shop {

/// A table of totals, in place of a database. Any thread may call it.
class page_table {
public:
  /// Adds the counts of a partition, all or none, and only once.
  void add(const cs::output_id& id, const std::vector<page_count>& counts) {
    std::lock_guard guard{mutex_};
    if (!inbox_.take(id))
      return;
    for (auto& [page, count] : counts)
      totals_[page] += count;
  }

  std::map<std::string, long> totals() const {
    std::lock_guard guard{mutex_};
    return totals_;
  }

private:
  mutable std::mutex mutex_;
  cs::output_inbox inbox_;
  std::map<std::string, long> totals_;
};

/// Adds the counts of each batch to `table`, which must outlive the context.
void store(const cs::dstream<page_count>& counts, page_table& table);

} // namespace shop
