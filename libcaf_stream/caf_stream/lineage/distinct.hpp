#pragma once

#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/map.hpp"

namespace caf_stream::lineage {

/// Keeps a key and nothing of its records.
template <class T>
struct presence_combiner {
  using key = owned_t<T>;
  using combined = bool;

  const T& key_of(const T& x) const { return x; }
  combined create(const T&) const { return true; }
  void add(combined&, const T&) const {}
  void merge(combined&, combined) const {}
};

/// Each record once, owned.
template <class T, class P>
dataset_ptr make_distinct(dataset_ptr parent, std::shared_ptr<const P> partitioner) {
  using found = std::pair<owned_t<T>, bool>;
  auto keys = make_combine_by_key<T, presence_combiner<T>>(
    "distinct", std::move(parent), std::make_shared<const presence_combiner<T>>(),
    std::move(partitioner));
  auto key_of = [](const found& x) { return x.first; };
  return make_map<found>(std::move(keys), std::make_shared<const decltype(key_of)>(key_of));
}

} // namespace caf_stream::lineage
