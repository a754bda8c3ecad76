#pragma once

#include <cstdint>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/count.hpp"
#include "caf_stream/lineage/side_input.hpp"

namespace caf_stream::lineage {

/// One partition with the number of records of each partition of the parent, in order.
dataset_ptr make_partition_sizes(dataset_ptr parent, std::int64_t (*count)(data::cursor_base&));

/// How many records the partitions before `p` have, by what `sizes` has.
std::int64_t records_before(data::cursor_base& sizes, partition_id p);

template <class T>
class index_cursor final : public data::cursor<std::pair<T, std::int64_t>> {
public:
  index_cursor(data::any_cursor parent, std::int64_t first)
    : parent_(std::move(parent)), next_(first) {}

  std::span<const std::pair<T, std::int64_t>> next() override {
    out_.clear();
    for (const T& x : data::typed<T>(*parent_).next())
      out_.push_back(std::pair<T, std::int64_t>(x, next_++));
    return out_.view();
  }

private:
  data::any_cursor parent_;
  std::int64_t next_;
  data::chunk<std::pair<T, std::int64_t>> out_;
};

/// Records to pairs of the record and its number in partition order, from 0 on.
template <class T>
dataset_ptr make_zip_with_index(dataset_ptr parent) {
  auto sizes = make_partition_sizes(parent, &count_records<T>);
  auto wrap = [](data::any_cursor in, data::any_cursor side, partition_id p, task_context&) {
    return std::make_unique<index_cursor<T>>(std::move(in), records_before(*side, p));
  };
  return make_with_side("zip_with_index", std::move(parent), std::move(sizes), wrap);
}

} // namespace caf_stream::lineage
