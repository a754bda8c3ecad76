#pragma once

#include <cstdint>

#include "caf_stream/data/cursor.hpp"
#include "caf_stream/lineage/dataset.hpp"

namespace caf_stream::lineage {

/// How many records there are still.
template <class T>
std::int64_t count_records(data::cursor_base& records) {
  auto& typed = data::typed<T>(records);
  std::int64_t n = 0;
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    n += static_cast<std::int64_t>(chunk.size());
  return n;
}

dataset_ptr make_count(dataset_ptr parent, std::int64_t (*count)(data::cursor_base&));

/// One record in one partition: how many there are in the parent, 0 when it is empty or has no
/// partitions.
template <class T>
dataset_ptr make_count(dataset_ptr parent) {
  return make_count(std::move(parent), &count_records<T>);
}

} // namespace caf_stream::lineage
