// The actions of rdd that take functions: check, share the function, run a job.

namespace caf_stream {

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
template <class Less>
std::vector<owned_t<T>> rdd<T>::top(std::size_t n, Less less) const {
  if constexpr (lineage::check_order<T, Less>())
    return engine::top_records<T>(*engine_, set_, n, rdd_detail::share(std::move(less)));
  else
    return {};
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
                                            lineage::task_context& context) {
        if constexpr (is_view_v<T>)
          context.keep_views();
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
