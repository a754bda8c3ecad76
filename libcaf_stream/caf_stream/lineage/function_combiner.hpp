#pragma once

#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"

namespace caf_stream::lineage {

/// What the three functions of combine_by_key say.
template <class K, class V, class C, class Create, class Add, class Merge>
class function_combiner {
public:
  using key = owned_t<K>;
  using combined = C;
  using record = std::pair<K, V>;

  function_combiner(Create create, Add add, Merge merge)
    : create_(std::move(create)), add_(std::move(add)), merge_(std::move(merge)) {}

  const K& key_of(const record& x) const { return x.first; }
  combined create(const record& x) const {
    if constexpr (is_callable_v<Create, const V&>)
      return C(std::invoke(create_, x.second));
    else
      return C(std::invoke(create_, static_cast<const owned_t<V>&>(to_owned(x.second))));
  }
  void add(combined& acc, const record& x) const { accumulate(add_, acc, x.second); }
  void merge(combined& acc, const combined& other) const { accumulate(merge_, acc, other); }

private:
  Create create_;
  Add add_;
  Merge merge_;
};

template <class K, class V, class C, class Create, class Add, class Merge>
auto make_function_combiner(Create create, Add add, Merge merge) {
  return std::make_shared<const function_combiner<K, V, C, Create, Add, Merge>>(
    std::move(create), std::move(add), std::move(merge));
}

} // namespace caf_stream::lineage
