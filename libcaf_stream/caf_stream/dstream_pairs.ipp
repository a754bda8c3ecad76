// The operators of dstream on pairs.

namespace caf_stream {

template <class T>
template <class F>
auto dstream<T>::map_values(F f, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_map_values<K, V, F>())
      return derive<std::pair<K, lineage::value_of_call<F, const V&>>>(
        "map_values", where,
        [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
          return lineage::make_map_values<K, V>(std::move(set), f);
        });
    else
      return *this;
  }
}

template <class T>
template <class F>
auto dstream<T>::flat_map_values(F f, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::names_emitted<F, V>) {
      return flat_map_values<typename F::template emits<V>>(std::move(f), where);
    } else if constexpr (lineage::check_flat_map_values<K, V, F>()) {
      using U = lineage::range_record_t<lineage::value_of_call<F, const V&>>;
      return derive<std::pair<K, U>>(
        "flat_map_values", where,
        [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
          return lineage::make_flat_map_values<K, V, U>(std::move(set), f);
        });
    } else {
      return *this;
    }
  }
}

template <class T>
template <class U, class F>
auto dstream<T>::flat_map_values(F f, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_emitting_flat_map_values<K, V, U, F>())
      return derive<std::pair<K, U>>(
        "flat_map_values", where,
        [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
          return lineage::make_flat_map_values<K, V, U>(std::move(set), f);
        });
    else
      return *this;
  }
}

template <class T>
template <class P>
auto dstream<T>::group_by_key(P partitions, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_copyable<V>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return derive<std::pair<owned_t<K>, std::vector<owned_t<V>>>>(
        "group_by_key", where,
        [p = rdd_detail::share(partitioner_of(std::move(partitions)))](lineage::dataset_ptr set,
                                                                       batch_time) {
          return lineage::make_group_by_key<K, V>(std::move(set), p);
        });
    else
      return *this;
  }
}

template <class T>
template <class F, class P>
auto dstream<T>::reduce_by_key(F f, P partitions, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return derive<std::pair<owned_t<K>, owned_t<V>>>(
        "reduce_by_key", where,
        [f = rdd_detail::share(std::move(f)),
         p = rdd_detail::share(partitioner_of(std::move(partitions)))](lineage::dataset_ptr set,
                                                                       batch_time) {
          return lineage::make_reduce_by_key<K, V>(std::move(set), f, p);
        });
    else
      return *this;
  }
}

template <class T>
template <class Create, class MergeValue, class MergeCombiners, class P>
auto dstream<T>::combine_by_key(Create create, MergeValue merge_value,
                                MergeCombiners merge_combiners, P partitions, bool map_side_combine,
                                source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() &&
                  lineage::check_combine_by_key<V, Create, MergeValue, MergeCombiners>() &&
                  lineage::check_partitioning<P, owned_t<K>>()) {
      using C = lineage::created_t<V, Create>;
      return derive<std::pair<owned_t<K>, C>>(
        "combine_by_key", where,
        [combine = lineage::combine_by_key_of<K, V, C>(
           std::move(create), std::move(merge_value), std::move(merge_combiners),
           rdd_detail::share(partitioner_of(std::move(partitions))), map_side_combine)](
          lineage::dataset_ptr set, batch_time) { return combine(std::move(set)); });
    } else {
      return *this;
    }
  }
}

} // namespace caf_stream
