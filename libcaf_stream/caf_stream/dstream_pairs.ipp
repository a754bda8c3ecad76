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
auto dstream<T>::reduce_by_key(F f, source_location where) const {
  return reduce_by_key(std::move(f), hash_partitioner{default_partitions()}, where);
}

template <class T>
template <class F>
auto dstream<T>::reduce_by_key(F f, std::uint32_t n, source_location where) const {
  return reduce_by_key(std::move(f), hash_partitioner{n}, where);
}

template <class T>
template <class F, class P>
  requires(!std::is_arithmetic_v<P> && !std::is_same_v<P, source_location>)
auto dstream<T>::reduce_by_key(F f, P partitioner, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  lineage::check_partitioner<P, owned_t<K>>())
      return derive<std::pair<owned_t<K>, owned_t<V>>>(
        "reduce_by_key", where,
        [f = rdd_detail::share(std::move(f)),
         p = rdd_detail::share(std::move(partitioner))](lineage::dataset_ptr set, batch_time) {
          return lineage::make_reduce_by_key<K, V>(std::move(set), f, p);
        });
    else
      return *this;
  }
}

} // namespace caf_stream
