// The members of rdd that take functions: check, share the function, make the operator.

namespace caf_stream {

namespace rdd_detail {

template <class F>
std::shared_ptr<const F> share(F&& f) {
  return std::make_shared<const F>(std::move(f));
}

} // namespace rdd_detail

template <class T>
template <class F>
auto rdd<T>::map(F f) const {
  if constexpr (lineage::check_map<T, F>())
    return with<lineage::value_of_call<F, const T&>>(
      lineage::make_map<T>(set_, rdd_detail::share(std::move(f))));
  else
    return *this;
}

template <class T>
template <class F>
auto rdd<T>::flat_map(F f) const {
  if constexpr (lineage::names_emitted<F, T>)
    return flat_map<typename F::template emits<T>>(std::move(f));
  else if constexpr (lineage::check_flat_map<T, F>()) {
    using U = lineage::range_record_t<lineage::value_of_call<F, const T&>>;
    return with<U>(lineage::make_flat_map<T, U>(set_, rdd_detail::share(std::move(f))));
  } else
    return *this;
}

template <class T>
template <class U, class F>
rdd<U> rdd<T>::flat_map(F f) const {
  if constexpr (lineage::check_emitting_flat_map<T, U, F>())
    return with<U>(lineage::make_flat_map<T, U>(set_, rdd_detail::share(std::move(f))));
  else
    return with<U>(set_);
}

template <class T>
template <class F>
rdd<T> rdd<T>::filter(F f) const {
  if constexpr (lineage::check_filter<T, F>())
    return with<T>(lineage::make_filter<T>(set_, rdd_detail::share(std::move(f))));
  else
    return *this;
}

template <class T>
template <class F>
auto rdd<T>::map_partitions(F f) const {
  if constexpr (lineage::check_map_partitions<T, F>()) {
    using U = lineage::range_record_t<lineage::value_of_call<F, record_range<T>&>>;
    return with<U>(lineage::make_map_partitions<T>(set_, rdd_detail::share(std::move(f))));
  } else
    return *this;
}

template <class T>
rdd<T> rdd<T>::repartition(std::uint32_t n) const {
  if (n == 0)
    throw error{errc::invalid_argument, "repartition needs at least one partition"};
  if constexpr (lineage::check_copyable<T>())
    return with<T>(lineage::make_repartition<T>(set_, n));
  else
    return *this;
}

template <class T>
rdd<T> rdd<T>::persist(storage_level level) const {
  if constexpr (lineage::check_copyable<T>())
    return with<T>(lineage::make_persisted<T>(set_, level));
  else
    return *this;
}

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
template <class F, class P>
  requires(!std::is_arithmetic_v<P>)
auto rdd<T>::reduce_by_key(F f, P partitioner) const {
  if constexpr (lineage::check_pair<T>()) {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  lineage::check_partitioner<P, owned_t<K>>())
      return with<std::pair<owned_t<K>, owned_t<V>>>(lineage::make_reduce_by_key<K, V>(
        set_, rdd_detail::share(std::move(f)), rdd_detail::share(std::move(partitioner))));
    else
      return *this;
  } else
    return *this;
}

template <class T>
template <class F>
owned_t<T> rdd<T>::reduce(F f) const {
  std::optional<owned_t<T>> result;
  if constexpr (lineage::check_reduce<owned_t<T>, T, F>())
    result = engine::reduce_records<T>(*engine_, set_, rdd_detail::share(std::move(f)));
  if (!result)
    throw error{errc::invalid_argument, "reduce of an rdd without records"};
  return *std::move(result);
}

template <class T>
owned_t<T> rdd<T>::first() const {
  auto records = take(1);
  if (records.empty())
    throw error{errc::invalid_argument, "first of an rdd without records"};
  return std::move(records.front());
}

template <class T>
template <class F>
void rdd<T>::foreach (F f) const {
  if constexpr (lineage::check_foreach<T, F>())
    engine::run_on_all(
      *engine_, set_,
      [f = rdd_detail::share(std::move(f))](partition_id, data::cursor_base& records,
                                            lineage::task_context&) {
        auto& typed = data::typed<T>(records);
        for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
          for (const T& x : chunk)
            std::invoke(*f, x);
        return data::payload{};
      },
      "foreach");
}

template <class T>
template <class F>
void rdd<T>::foreach_partition(F f) const {
  if constexpr (lineage::check_foreach_partition<T, F>())
    engine::run_on_all(
      *engine_, set_,
      [f = rdd_detail::share(std::move(f))](partition_id, data::cursor_base& records,
                                            lineage::task_context&) {
        typename record_range<T>::source source{&data::typed<T>(records)};
        record_range<T> range{source};
        std::invoke(*f, range);
        return data::payload{};
      },
      "foreach_partition");
}

template <class T>
template <class F>
owned_t<T> rdd<T>::fold(owned_t<T> zero, F f) const {
  if constexpr (lineage::check_reduce<owned_t<T>, T, F>()) {
    auto shared = rdd_detail::share(std::move(f));
    auto& merge = *shared;
    return engine::aggregate_records<T>(*engine_, set_, std::move(zero), shared, merge, "fold");
  } else
    return zero;
}

template <class T>
template <class A, class Add, class Merge>
A rdd<T>::aggregate(A zero, Add add, Merge merge) const {
  static_assert(!is_view_v<A>, "what aggregate collects outlives the records: use the owned type");
  if constexpr (lineage::check_reduce<A, T, Add>() && lineage::check_reduce<A, A, Merge>())
    return engine::aggregate_records<T>(*engine_, set_, std::move(zero),
                                        rdd_detail::share(std::move(add)), merge, "aggregate");
  else
    return zero;
}

template <class T>
std::vector<std::pair<owned_t<T>, std::int64_t>> rdd<T>::count_by_value() const {
  using pair = std::pair<owned_t<T>, std::int64_t>;
  if constexpr (lineage::check_key<T>())
    return engine::collect_records<pair>(
      *engine_,
      lineage::make_count_by_value<T>(
        set_, rdd_detail::share(hash_partitioner{engine_->default_partitions()})),
      "count_by_value");
  else
    return {};
}

} // namespace caf_stream
