// The operators of dstream that work on records of any type: check, share the function, add the
// operator to the graph. What it computes is in lineage/.

#include "caf_stream/stream_checks.hpp"

namespace caf_stream {

template <class T>
template <class U>
dstream<U> dstream<T>::derive(
  std::string kind, source_location where,
  std::function<lineage::dataset_ptr(lineage::dataset_ptr, batch_time)> make) const {
  auto compute = [parent = node_, make = std::move(make)](batch_time t) {
    return make(parent->get_or_compute(t), t);
  };
  graph::node_description description;
  description.kind = std::move(kind);
  description.parents = {node_};
  description.slide = node_->slide();
  description.where = where;
  return {core_->graph->add(std::move(description), std::move(compute)), core_};
}

template <class T>
template <class F>
auto dstream<T>::map(F f, source_location where) const {
  if constexpr (lineage::check_map<T, F>())
    return derive<lineage::value_of_call<F, const T&>>(
      "map", where, [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
        return lineage::make_map<T>(std::move(set), f);
      });
  else
    return *this;
}

template <class T>
template <class F>
auto dstream<T>::flat_map(F f, source_location where) const {
  if constexpr (lineage::names_emitted<F, T>) {
    return flat_map<typename F::template emits<T>>(std::move(f), where);
  } else if constexpr (lineage::check_flat_map<T, F>()) {
    using U = lineage::range_record_t<lineage::value_of_call<F, const T&>>;
    return derive<U>("flat_map", where,
                     [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
                       return lineage::make_flat_map<T, U>(std::move(set), f);
                     });
  } else {
    return *this;
  }
}

template <class T>
template <class U, class F>
dstream<U> dstream<T>::flat_map(F f, source_location where) const {
  if constexpr (lineage::check_emitting_flat_map<T, U, F>())
    return derive<U>("flat_map", where,
                     [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
                       return lineage::make_flat_map<T, U>(std::move(set), f);
                     });
  else
    return {node_, core_};
}

template <class T>
template <class F>
dstream<T> dstream<T>::filter(F f, source_location where) const {
  if constexpr (lineage::check_filter<T, F>())
    return derive<T>("filter", where,
                     [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
                       return lineage::make_filter<T>(std::move(set), f);
                     });
  else
    return *this;
}

template <class T>
template <class F>
auto dstream<T>::map_partitions(F f, source_location where) const {
  if constexpr (lineage::check_map_partitions<T, F>()) {
    using U = lineage::range_record_t<lineage::value_of_call<F, record_range<T>&>>;
    return derive<U>("map_partitions", where,
                     [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
                       return lineage::make_map_partitions<T>(std::move(set), f);
                     });
  } else {
    return *this;
  }
}

template <class T>
dstream<std::vector<owned_t<T>>> dstream<T>::glom(source_location where) const {
  return derive<std::vector<owned_t<T>>>("glom", where, [](lineage::dataset_ptr set, batch_time) {
    if constexpr (lineage::check_copyable<T>())
      return lineage::make_glom<T>(std::move(set));
    else
      return set;
  });
}

template <class T>
dstream<T> dstream<T>::repartition(std::uint32_t n, source_location where) const {
  if (n == 0)
    throw error{errc::invalid_argument, "repartition needs at least one partition"};
  if constexpr (lineage::check_copyable<T>())
    return derive<T>("repartition", where, [n](lineage::dataset_ptr set, batch_time) {
      return lineage::make_repartition<T>(std::move(set), n);
    });
  else
    return *this;
}

template <class T>
dstream<T> union_of(const std::vector<dstream<T>>& streams, source_location where) {
  auto description = describe_combination("union", streams, where);
  auto compute = [parents = description.parents](batch_time t) {
    std::vector<lineage::dataset_ptr> sets;
    for (auto& parent : parents)
      sets.push_back(parent->get_or_compute(t));
    return lineage::make_union(std::move(sets));
  };
  auto& core = streams[0].core();
  return {core->graph->add(std::move(description), std::move(compute)), core};
}

template <class T>
dstream<T> dstream<T>::union_with(const dstream& other, source_location where) const {
  return union_of<T>({*this, other}, where);
}

template <class T>
dstream<std::int64_t> dstream<T>::count(source_location where) const {
  return derive<std::int64_t>("count", where, [](lineage::dataset_ptr set, batch_time) {
    return lineage::make_count<T>(std::move(set));
  });
}

template <class T>
template <class F>
dstream<owned_t<T>> dstream<T>::reduce(F f, source_location where) const {
  if constexpr (lineage::check_reduce<owned_t<T>, T, F>())
    return derive<owned_t<T>>(
      "reduce", where, [f = rdd_detail::share(std::move(f))](lineage::dataset_ptr set, batch_time) {
        return lineage::make_reduce<T>(std::move(set), f);
      });
  else
    return {node_, core_};
}

template <class T>
template <class P>
dstream<std::pair<owned_t<T>, std::int64_t>>
dstream<T>::count_by_value(P partitions, source_location where) const {
  using U = std::pair<owned_t<T>, std::int64_t>;
  if constexpr (lineage::check_key<T>() && lineage::check_partitioning<P, owned_t<T>>())
    return derive<U>("count_by_value", where,
                     [p = rdd_detail::share(partitioner_of(std::move(partitions)))](
                       lineage::dataset_ptr set, batch_time) {
                       return lineage::make_count_by_value<T>(std::move(set), p);
                     });
  else
    return {node_, core_};
}

template <class T>
template <class F>
auto dstream<T>::transform(F f, source_location where) const {
  if constexpr (!check_on_batch<T, F>()) {
    return *this;
  } else {
    using R = std::remove_cvref_t<decltype(call_on_batch(f, std::declval<rdd<T>>(), batch_time{}))>;
    static_assert(is_rdd_v<R>, "transform expects f to return an rdd; for a batch without records "
                               "return an empty one");
    if constexpr (is_rdd_v<R>)
      return derive<typename R::value_type>(
        "transform", where,
        [f = rdd_detail::share(std::move(f)), engine = weak_engine{core_}](lineage::dataset_ptr set,
                                                                           batch_time t) {
          return call_on_batch(*f, rdd<T>{std::move(set), engine.lock()}, t).dataset();
        });
    else
      return *this;
  }
}

template <class T>
dstream<T> dstream<T>::persist(storage_level level) const {
  if constexpr (lineage::check_copyable<T>())
    node_->persist(level, [](lineage::dataset_ptr set, storage_level at) {
      return lineage::make_persisted<T>(std::move(set), at);
    });
  return *this;
}

} // namespace caf_stream
