#pragma once

#include "caf_stream/lineage/map.hpp"

namespace caf_stream::lineage {

/// Pairs (k, v) to pairs (k, `f(v)`).
template <class K, class V, class F>
dataset_ptr make_map_values(dataset_ptr parent, std::shared_ptr<const F> f) {
  using T = std::pair<K, V>;
  using U = std::pair<K, value_of_call<F, const V&>>;
  auto on_pair = [f = std::move(f)](const T& x) { return U{x.first, std::invoke(*f, x.second)}; };
  return make_map<T>(std::move(parent),
                     std::make_shared<const decltype(on_pair)>(std::move(on_pair)), "map_values");
}

} // namespace caf_stream::lineage
