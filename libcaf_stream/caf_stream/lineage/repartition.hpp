#pragma once

#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"

namespace caf_stream::lineage {

/// The same records in `partitions` partitions of about the same size. Each map partition deals its
/// records out in turn, beginning at its own number, so that a batch run again gives the same.
template <class T>
dataset_ptr make_repartition(dataset_ptr parent, std::uint32_t partitions) {
  auto write = [](data::cursor_base& records, std::uint32_t n, task_context& context) {
    auto& typed = data::typed<T>(records);
    std::vector<data::record_list_builder<T>> lists(n);
    std::size_t target = context.id().partition % n;
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const T& x : chunk) {
        lists[target].append(std::span<const T>{&x, 1});
        target = target + 1 == n ? 0 : target + 1;
      }
    return take_lists(lists);
  };
  auto open = [](const std::vector<data::payload>& pieces, task_context&) {
    return open_lists<T>(pieces);
  };
  return make_shuffled("repartition", std::move(parent), partitions, write, open);
}

} // namespace caf_stream::lineage
