#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/key_groups.hpp"

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

/// Pairs of owned K and V to pairs of a key and what all its values combine to, where they arrive:
/// nothing is combined before the shuffle.
template <class K, class V, class Combiner, class P>
dataset_ptr make_combine_after_shuffle(dataset_ptr parent, std::shared_ptr<const Combiner> combiner,
                                       std::shared_ptr<const P> partitioner) {
  using record = std::pair<owned_t<K>, owned_t<V>>;
  auto fill = [](const std::vector<data::payload>& pieces, const Combiner& how,
                 table_of<Combiner>& table) {
    combine_records<record>(*open_lists<record>(pieces), how, table);
  };
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  return make_shuffled("combine_by_key", std::move(parent), partitions,
                       write_pairs<K, V>(std::move(partitioner)),
                       open_table(std::move(combiner), fill));
}

/// What combine_by_key does with a data set of pairs of K and V.
template <class K, class V, class C, class Create, class Add, class Merge, class P>
std::function<dataset_ptr(dataset_ptr)> combine_by_key_of(Create create, Add add, Merge merge,
                                                          std::shared_ptr<const P> partitioner,
                                                          bool map_side_combine) {
  if (map_side_combine) {
    auto combiner = std::make_shared<const function_combiner<K, V, C, Create, Add, Merge>>(
      std::move(create), std::move(add), std::move(merge));
    return [combiner, partitioner](dataset_ptr parent) {
      return make_combine_by_key<std::pair<K, V>>("combine_by_key", std::move(parent), combiner,
                                                  partitioner);
    };
  }
  using owned_combiner = function_combiner<owned_t<K>, owned_t<V>, C, Create, Add, Merge>;
  auto combiner =
    std::make_shared<const owned_combiner>(std::move(create), std::move(add), std::move(merge));
  return [combiner, partitioner](dataset_ptr parent) {
    return make_combine_after_shuffle<K, V>(std::move(parent), combiner, partitioner);
  };
}

} // namespace caf_stream::lineage
