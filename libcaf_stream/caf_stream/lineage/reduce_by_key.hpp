#pragma once

#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"

namespace caf_stream::lineage {

template <class K, class V, class F>
class reduce_combiner {
public:
  using key = owned_t<K>;
  using combined = owned_t<V>;
  using record = std::pair<K, V>;

  explicit reduce_combiner(std::shared_ptr<const F> f) : f_(std::move(f)) {}

  const K& key_of(const record& x) const { return x.first; }
  combined create(const record& x) const { return to_owned(x.second); }
  void add(combined& acc, const record& x) const { accumulate(*f_, acc, x.second); }
  void merge(combined& acc, const combined& other) const {
    accumulate(*f_, acc, view_of<V>(other));
  }

private:
  std::shared_ptr<const F> f_;
};

/// Pairs (k, v) to one pair (k, f(f(v1, v2), v3) ...) for each key. f is associative; the first
/// argument is an rvalue. Keys and values are owned in what comes out.
template <class K, class V, class F, class P>
dataset_ptr make_reduce_by_key(dataset_ptr parent, std::shared_ptr<const F> f,
                               std::shared_ptr<const P> partitioner) {
  using combiner = reduce_combiner<K, V, F>;
  return make_combine_by_key<std::pair<K, V>, combiner>(
    "reduce_by_key", std::move(parent), std::make_shared<const combiner>(std::move(f)),
    std::move(partitioner));
}

} // namespace caf_stream::lineage
