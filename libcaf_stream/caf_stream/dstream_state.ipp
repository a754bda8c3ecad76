// The operators of dstream that keep a state by key.

#include "caf_stream/lineage/values_source.hpp"
#include "caf_stream/mapped_dstream.hpp"
#include "caf_stream/state_streams.hpp"

namespace caf_stream {

namespace state_detail {

/// The pairs that a state begins with, cut as `partitioner` says.
template <class I, class P>
lineage::initial_pairs read_initial(I initial, std::shared_ptr<const P> partitioner,
                                    std::uint32_t partitions) {
  if constexpr (!is_initial_state_v<I>) {
    return {};
  } else {
    using T = typename initial_state_traits<I>::record;
    lineage::dataset_ptr set;
    if constexpr (requires { initial.dataset(); })
      set = initial.dataset();
    else if constexpr (is_view_v<T>)
      set = lineage::make_values<T>(to_owned(std::move(initial)), partitions);
    else
      set = lineage::make_values<T>(std::move(initial), partitions);
    return lineage::make_initial_pairs<lineage::key_of_pair<T>, lineage::value_of_pair<T>>(
      std::move(set), std::move(partitioner));
  }
}

/// The S of the pairs that a state begins with; void where there are none.
template <class I>
constexpr auto initial_state_type() {
  using T = typename initial_state_traits<I>::record;
  if constexpr (lineage::is_pair_v<T>)
    return std::type_identity<owned_t<lineage::value_of_pair<T>>>{};
  else
    return std::type_identity<void>{};
}

template <class I>
using initial_state_t = typename decltype(initial_state_type<I>())::type;

template <class K, class S, class I>
constexpr bool check_initial() {
  if constexpr (is_initial_state_v<I>)
    return lineage::check_initial<K, S, typename initial_state_traits<I>::record>();
  else
    return true;
}

} // namespace state_detail

template <class T>
graph::node_description dstream<T>::describe_state(std::string kind, source_location where) const {
  graph::node_description description;
  description.kind = std::move(kind);
  description.parents = {node_};
  description.slide = node_->slide();
  description.keeps_state = true;
  description.where = where;
  return description;
}

template <class T>
template <class Named, class F, class I, class P>
auto dstream<T>::update_state(F f, I initial, P partitions, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    using S = lineage::first_known_state<Named, lineage::updated_state_t<F>,
                                         state_detail::initial_state_t<I>>;
    if constexpr (std::is_void_v<S>) {
      static_assert(lineage::never<F>, "update_state_by_key cannot read the type of the state from "
                                       "this function: name it, as in update_state_by_key<S>(f), "
                                       "or declare f's last parameter as std::optional<S>, and no "
                                       "other as auto");
      return *this;
    } else if constexpr (lineage::check_key<K>() && lineage::check_copyable<V>() &&
                         lineage::check_state<S>() &&
                         lineage::check_update_state<owned_t<K>, owned_t<V>, S, F>() &&
                         state_detail::check_initial<owned_t<K>, S, I>() &&
                         lineage::check_partitioning<P, owned_t<K>>()) {
      auto p = rdd_detail::share(partitioner_of(std::move(partitions)));
      auto pairs =
        state_detail::read_initial(std::move(initial), p, core_->running().default_partitions());
      auto step = [parent = node_, f = rdd_detail::share(std::move(f)), p,
                   pairs](batch_time from, batch_time to) mutable {
        if (from != stateful::no_batch)
          pairs = {}; // it has begun for good
        return lineage::make_update_state<K, V, S>(parent->get_or_compute(to), pairs,
                                                   lineage::state_batches{from, to}, f, p);
      };
      using record = std::pair<owned_t<K>, S>;
      return dstream<record>{
        add_state_node<record>(core_, describe_state("update_state_by_key", where), step), core_};
    } else {
      return *this;
    }
  }
}

template <class T>
template <class S, class F, class P>
  requires(!is_initial_state_v<P>)
auto dstream<T>::update_state_by_key(F f, P partitions, source_location where) const {
  return update_state<S>(std::move(f), no_initial_state{}, std::move(partitions), where);
}

template <class T>
template <class S, class F, class I, class P>
  requires is_initial_state_v<I>
auto dstream<T>::update_state_by_key(F f, I initial, P partitions, source_location where) const {
  return update_state<S>(std::move(f), std::move(initial), std::move(partitions), where);
}

template <class T>
template <class Named, class F, class I, class P>
auto dstream<T>::map_with_state(state_spec<F, I, P> spec, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    using S = lineage::first_known_state<Named, lineage::mapped_state_t<F>,
                                         state_detail::initial_state_t<I>>;
    if constexpr (std::is_void_v<S>) {
      static_assert(lineage::never<F>, "map_with_state cannot read the type of the state from this "
                                       "function: declare its last parameter as state<S>&, and no "
                                       "other as auto, or name it, as in "
                                       "map_with_state<S>(state_spec(f))");
      return *this;
    } else if constexpr (lineage::check_key<K>() && lineage::check_copyable<V>() &&
                         lineage::check_state<S>() &&
                         lineage::check_map_with_state<owned_t<K>, owned_t<V>, S, F>() &&
                         state_detail::check_initial<owned_t<K>, S, I>() &&
                         lineage::check_partitioning<P, owned_t<K>>()) {
      auto p = rdd_detail::share(partitioner_of(std::move(spec.split)));
      auto pairs = state_detail::read_initial(std::move(spec.initial), p,
                                              core_->running().default_partitions());
      auto step = [parent = node_, f = rdd_detail::share(std::move(spec.function)), p, pairs,
                   limit = spec.limit](batch_time from, batch_time to) mutable {
        if (from != stateful::no_batch)
          pairs = {}; // it has begun for good
        return lineage::make_map_with_state<K, V, S>(parent->get_or_compute(to), pairs,
                                                     lineage::state_batches{from, to}, f, p, limit);
      };
      using M = lineage::mapped_t<F, owned_t<K>, owned_t<V>, S>;
      // What the function emitted is kept with the step, so there is nothing more to keep.
      auto node = add_state_node(core_, describe_state("map_with_state", where),
                                 {std::move(step), state_runner(core_), nullptr, {}});
      return mapped_dstream<M, owned_t<K>, S>{std::move(node), core_};
    } else {
      return *this;
    }
  }
}

template <class T>
std::vector<rdd<T>> dstream<T>::slice(batch_time from, batch_time to) const {
  core_->running();
  std::vector<rdd<T>> result;
  for (auto& set : core_->graph->slice(*node_, from, to))
    result.emplace_back(std::move(set), core_->engine);
  return result;
}

template <class T>
dstream<T> dstream<T>::checkpoint(duration interval) const {
  auto& of = node_->checkpoint(interval);
  if (!of.keeps_state() && of.level() == storage_level::none)
    persist();
  return *this;
}

} // namespace caf_stream
