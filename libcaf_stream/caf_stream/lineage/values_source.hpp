#pragma once

#include <functional>
#include <vector>

#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

using open_list = std::function<data::any_cursor(const data::payload&)>;

/// A data set whose partitions are the given payloads, with the record type in `open`. The driver
/// holds them and sends each to the task that reads it.
dataset_ptr make_values_source(std::vector<data::payload> partitions, open_list open);

/// A data set of records in the driver's memory, cut into contiguous runs: of n records, partition
/// i of p holds those from i*n/p to (i+1)*n/p. Requires partitions > 0.
template <class T>
dataset_ptr make_values(std::vector<owned_t<T>> records, std::uint32_t partitions) {
  std::vector<data::payload> lists(partitions);
  const std::uint64_t n = records.size();
  for (std::uint64_t i = 0; i < partitions; ++i) {
    const auto first = i * n / partitions;
    const auto last = (i + 1) * n / partitions;
    data::record_list_builder<T> list;
    list.reserve(last - first);
    for (auto at = first; at < last; ++at)
      list.push_back(owned_t<T>(std::move(records[at])));
    lists[i] = list.take();
  }
  return make_values_source(std::move(lists),
                            [](const data::payload& list) { return open_lists<T>({list}); });
}

} // namespace caf_stream::lineage
