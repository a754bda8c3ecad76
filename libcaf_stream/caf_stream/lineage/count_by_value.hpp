#pragma once

#include <cstdint>

#include "caf_stream/lineage/combine_by_key.hpp"

namespace caf_stream::lineage {

template <class T>
struct count_combiner {
  using key = owned_t<T>;
  using combined = std::int64_t;

  const T& key_of(const T& x) const { return x; }
  combined create(const T&) const { return 1; }
  void add(combined& acc, const T&) const { ++acc; }
  void merge(combined& acc, combined other) const { acc += other; }
};

/// Records to pairs of a record and how often it is there.
template <class T, class P>
dataset_ptr make_count_by_value(dataset_ptr parent, std::shared_ptr<const P> partitioner) {
  return make_combine_by_key<T, count_combiner<T>>("count_by_value", std::move(parent),
                                                   std::make_shared<const count_combiner<T>>(),
                                                   std::move(partitioner));
}

} // namespace caf_stream::lineage
