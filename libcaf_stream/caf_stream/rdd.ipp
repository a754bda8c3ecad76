// The operators of rdd on records of any type: check, share the function, make the operator.

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
template <class P>
auto rdd<T>::partitioner_of(P given) const {
  std::uint32_t default_count = 0;
  if constexpr (std::is_same_v<P, default_partitioning>)
    default_count = engine_->default_partitions();
  return rdd_detail::share(shuffle::make_partitioner(std::move(given), default_count));
}

template <class T>
template <class F, std::same_as<bool> B>
rdd<T> rdd<T>::sort_by(F f, B ascending, std::uint32_t n) const {
  if constexpr (lineage::check_sort_by<T, F>()) {
    if (n == 0)
      n = std::max<std::uint32_t>(1, set_->partitions());
    return with<T>(lineage::make_sort_by<T>(
      set_, rdd_detail::share(std::move(f)),
      [ascending](const auto& a, const auto& b) { return ascending ? a < b : b < a; }, n));
  } else {
    return *this;
  }
}

template <class T>
template <class P>
rdd<owned_t<T>> rdd<T>::distinct(P partitions) const {
  if constexpr (lineage::check_key<T>() && lineage::check_partitioning<P, owned_t<T>>())
    return with<owned_t<T>>(lineage::make_distinct<T>(set_, partitioner_of(std::move(partitions))));
  else
    return with<owned_t<T>>(set_);
}

template <class T>
template <std::same_as<bool> B>
rdd<T> rdd<T>::sample(B with_replacement, double fraction,
                      std::optional<std::uint64_t> seed) const {
  if constexpr (lineage::check_copyable<T>())
    return with<T>(lineage::make_sample<T>(set_, {with_replacement, fraction, seed}));
  else
    return *this;
}

template <class T>
template <class U>
rdd<std::pair<T, U>> rdd<T>::cartesian(const rdd<U>& other) const {
  if constexpr (lineage::check_copyable<T>() && lineage::check_copyable<U>())
    return with<std::pair<T, U>>(lineage::make_cartesian<T, U>(set_, other.dataset()));
  else
    return with<std::pair<T, U>>(set_);
}

template <class T>
rdd<std::pair<T, std::int64_t>> rdd<T>::zip_with_index() const {
  if constexpr (lineage::check_copyable<T>())
    return with<std::pair<T, std::int64_t>>(lineage::make_zip_with_index<T>(set_));
  else
    return with<std::pair<T, std::int64_t>>(set_);
}

template <class T>
template <class U, class P>
rdd<owned_t<T>> rdd<T>::subtract(const rdd<U>& other, P partitions) const {
  if constexpr (lineage::check_same_records<T, U>() && lineage::check_key<T>() &&
                lineage::check_partitioning<P, owned_t<T>>())
    return with<owned_t<T>>(
      lineage::make_subtract<T, U>(set_, other.dataset(), partitioner_of(std::move(partitions))));
  else
    return with<owned_t<T>>(set_);
}

template <class T>
template <class U, class P>
rdd<owned_t<T>> rdd<T>::intersection(const rdd<U>& other, P partitions) const {
  if constexpr (lineage::check_same_records<T, U>() && lineage::check_key<T>() &&
                lineage::check_partitioning<P, owned_t<T>>())
    return with<owned_t<T>>(lineage::make_intersection<T, U>(
      set_, other.dataset(), partitioner_of(std::move(partitions))));
  else
    return with<owned_t<T>>(set_);
}

} // namespace caf_stream
