#pragma once

#include "caf_stream/lineage/map.hpp"

namespace caf_stream::lineage {

/// Pairs (k, v) to pairs (k, `f(v)`).
template <class K, class V, class F>
dataset_ptr make_map_values(dataset_ptr parent, std::shared_ptr<const F> f) {
  using T = std::pair<K, V>;
  using U = std::pair<K, value_of_call<F, const V&>>;
  auto on_pair = [f = std::move(f)](const T& x) { return U{x.first, std::invoke(*f, x.second)}; };
  auto shared = std::make_shared<const decltype(on_pair)>(std::move(on_pair));
  return make_narrow("map_values", std::move(parent),
                     [shared](data::any_cursor in, partition_id, task_context&) {
                       using F2 = std::remove_const_t<typename decltype(shared)::element_type>;
                       return std::make_unique<map_cursor<T, U, F2>>(std::move(in), shared);
                     });
}

} // namespace caf_stream::lineage
