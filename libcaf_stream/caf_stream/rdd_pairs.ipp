// The operators of rdd on pairs.

namespace caf_stream {

template <class T>
template <class F>
auto rdd<T>::map_values(F f) const {
  if constexpr (lineage::check_pair<T>()) {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_map_values<K, V, F>())
      return with<std::pair<K, lineage::value_of_call<F, const V&>>>(
        lineage::make_map_values<K, V>(set_, rdd_detail::share(std::move(f))));
    else
      return *this;
  } else
    return *this;
}

template <class T>
template <class F>
auto rdd<T>::flat_map_values(F f) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::names_emitted<F, V>) {
      return flat_map_values<typename F::template emits<V>>(std::move(f));
    } else if constexpr (lineage::check_flat_map_values<K, V, F>()) {
      using U = lineage::range_record_t<lineage::value_of_call<F, const V&>>;
      return with<std::pair<K, U>>(
        lineage::make_flat_map_values<K, V, U>(set_, rdd_detail::share(std::move(f))));
    } else {
      return *this;
    }
  }
}

template <class T>
template <class U, class F>
auto rdd<T>::flat_map_values(F f) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_emitting_flat_map_values<K, V, U, F>())
      return with<std::pair<K, U>>(
        lineage::make_flat_map_values<K, V, U>(set_, rdd_detail::share(std::move(f))));
    else
      return with<std::pair<K, U>>(set_);
  }
}

template <class T>
template <class P>
auto rdd<T>::group_by_key(P partitions) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_copyable<V>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return with<std::pair<owned_t<K>, std::vector<owned_t<V>>>>(
        lineage::make_group_by_key<K, V>(set_, partitioner_of(std::move(partitions))));
    else
      return *this;
  }
}

template <class T>
template <class F, class P>
auto rdd<T>::reduce_by_key(F f, P partitions) const {
  if constexpr (lineage::check_pair<T>()) {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return with<std::pair<owned_t<K>, owned_t<V>>>(lineage::make_reduce_by_key<K, V>(
        set_, rdd_detail::share(std::move(f)), partitioner_of(std::move(partitions))));
    else
      return *this;
  } else
    return *this;
}

template <class T>
template <class Create, class MergeValue, class MergeCombiners, class P>
auto rdd<T>::combine_by_key(Create create, MergeValue merge_value, MergeCombiners merge_combiners,
                            P partitions, bool map_side_combine) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() &&
                  lineage::check_combine_by_key<V, Create, MergeValue, MergeCombiners>() &&
                  lineage::check_partitioning<P, owned_t<K>>()) {
      using C = lineage::created_t<V, Create>;
      auto combine = lineage::combine_by_key_of<K, V, C>(
        std::move(create), std::move(merge_value), std::move(merge_combiners),
        partitioner_of(std::move(partitions)), map_side_combine);
      return with<std::pair<owned_t<K>, C>>(combine(set_));
    } else {
      return *this;
    }
  }
}

template <class T>
template <lineage::join_kind Kind, class U, class P>
auto rdd<T>::join_as(const char* operation, const rdd<U>& other, P partitions) const {
  if constexpr (!lineage::check_join<T, U>()) {
    return *this;
  } else {
    using K = owned_t<lineage::key_of_pair<T>>;
    using V = owned_t<lineage::value_of_pair<T>>;
    using W = owned_t<lineage::value_of_pair<U>>;
    if constexpr (lineage::check_partitioning<P, K>())
      return with<std::pair<K, lineage::joined_values<Kind, V, W>>>(lineage::make_join<Kind, T, U>(
        operation, set_, other.dataset(), partitioner_of(std::move(partitions))));
    else
      return *this;
  }
}

template <class T>
template <class U, class P>
auto rdd<T>::join(const rdd<U>& other, P partitions) const {
  return join_as<lineage::join_kind::inner>("join", other, std::move(partitions));
}

template <class T>
template <class U, class P>
auto rdd<T>::left_outer_join(const rdd<U>& other, P partitions) const {
  return join_as<lineage::join_kind::left_outer>("left_outer_join", other, std::move(partitions));
}

template <class T>
template <class U, class P>
auto rdd<T>::right_outer_join(const rdd<U>& other, P partitions) const {
  return join_as<lineage::join_kind::right_outer>("right_outer_join", other, std::move(partitions));
}

template <class T>
template <class U, class P>
auto rdd<T>::full_outer_join(const rdd<U>& other, P partitions) const {
  return join_as<lineage::join_kind::full_outer>("full_outer_join", other, std::move(partitions));
}

template <class T>
template <class U, class P>
auto rdd<T>::cogroup(const rdd<U>& other, P partitions) const {
  if constexpr (!lineage::check_join<T, U>()) {
    return *this;
  } else {
    using K = owned_t<lineage::key_of_pair<T>>;
    using values = std::vector<owned_t<lineage::value_of_pair<T>>>;
    using other_values = std::vector<owned_t<lineage::value_of_pair<U>>>;
    if constexpr (lineage::check_partitioning<P, K>())
      return with<std::pair<K, std::pair<values, other_values>>>(
        lineage::make_cogroup<T, U>(set_, other.dataset(), partitioner_of(std::move(partitions))));
    else
      return *this;
  }
}

template <class T>
template <class U, class P>
auto rdd<T>::subtract_by_key(const rdd<U>& other, P partitions) const {
  if constexpr (!lineage::check_join<T, U>()) {
    return *this;
  } else {
    using K = owned_t<lineage::key_of_pair<T>>;
    if constexpr (lineage::check_partitioning<P, K>())
      return with<std::pair<K, owned_t<lineage::value_of_pair<T>>>>(
        lineage::make_subtract_by_key<T, U>(set_, other.dataset(),
                                            partitioner_of(std::move(partitions))));
    else
      return *this;
  }
}

} // namespace caf_stream
