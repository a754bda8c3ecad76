// The operators of dstream on windows.

#include "caf_stream/state_streams.hpp"
#include "caf_stream/window_options.hpp"

namespace caf_stream {

template <class T>
dstream<T> dstream<T>::window(duration length, duration slide, source_location where) const {
  graph::check_window("window", *node_, length, slide);
  if constexpr (lineage::check_copyable<T>())
    return add_window("window", length, slide, where, [](std::vector<lineage::dataset_ptr> sets) {
      return lineage::make_union(std::move(sets));
    });
  else
    return *this;
}

template <class T>
dstream<T> dstream<T>::add_window(std::string kind, duration length, duration slide,
                                  source_location where, graph::join_batches join) const {
  auto& graph = *core_->graph;
  auto keep = [](lineage::dataset_ptr set, storage_level level) {
    return lineage::make_persisted<T>(std::move(set), level);
  };
  auto node =
    std::make_shared<graph::window_node>(graph, describe_window(std::move(kind), slide, where),
                                         length, std::move(join), std::move(keep));
  return {graph.add(std::move(node)), core_};
}

template <class T>
graph::node_description dstream<T>::describe_window(std::string kind, duration slide,
                                                    source_location where) const {
  graph::node_description description;
  description.kind = std::move(kind);
  description.parents = {node_};
  description.slide = slide;
  if (graph::builds_on_state(*node_)) // others are kept until they are read
    description.reach = std::max(duration{0}, slide - node_->slide());
  description.ordered = true;
  description.where = where;
  return description;
}

template <class T>
template <class F, class P>
auto dstream<T>::reduce_window(std::string kind, F f, duration length, duration slide, P partitions,
                               source_location where) const {
  using K = lineage::key_of_pair<T>;
  using V = lineage::value_of_pair<T>;
  using U = std::pair<owned_t<K>, owned_t<V>>;
  graph::check_window(kind, *node_, length, slide);
  window_panes panes{*node_, length, slide};
  auto step = [kind, parent = node_.get(), panes, f = rdd_detail::share(std::move(f)),
               p = rdd_detail::share(partitioner_of(std::move(partitions)))](batch_time from,
                                                                             batch_time to) {
    return lineage::make_reduce_window<K, V>(kind, panes.slide(*parent, {from, to}),
                                             panes.in_window(), f, p);
  };
  return dstream<U>{add_state_node<U>(core_, describe_window(kind, slide, where), std::move(step),
                                      panes.reads_again()),
                    core_};
}

template <class T>
template <class F, class Inverse, class Keep, class P>
auto dstream<T>::inverse_window(std::string kind, F f, Inverse inverse, duration length,
                                duration slide, Keep keep, P partitions,
                                source_location where) const {
  using K = lineage::key_of_pair<T>;
  using V = lineage::value_of_pair<T>;
  using U = std::pair<owned_t<K>, owned_t<V>>;
  using filter = std::conditional_t<std::is_same_v<Keep, keep_all>, bool (*)(const U&), Keep>;
  graph::check_window(kind, *node_, length, slide);
  std::shared_ptr<const filter> shared_keep;
  if constexpr (!std::is_same_v<Keep, keep_all>)
    shared_keep = rdd_detail::share(std::move(keep));
  window_panes panes{*node_, length, slide};
  auto step = [kind, parent = node_.get(), panes, f = rdd_detail::share(std::move(f)),
               inverse = rdd_detail::share(std::move(inverse)), keep = std::move(shared_keep),
               p = rdd_detail::share(partitioner_of(std::move(partitions)))](batch_time from,
                                                                             batch_time to) {
    return lineage::make_inverse_window<K, V>(kind, panes.slide(*parent, {from, to}), f, inverse,
                                              keep, p);
  };
  auto description = describe_window(kind, slide, where);
  description.keeps_state = true;
  return dstream<U>{
    add_state_node<U>(core_, std::move(description), std::move(step), panes.reads_again()), core_};
}

template <class T>
template <class F, class P>
auto dstream<T>::reduce_by_key_and_window(F f, duration length, duration slide, P partitions,
                                          source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return reduce_window("reduce_by_key_and_window", std::move(f), length, slide,
                           std::move(partitions), where);
    else
      return *this;
  }
}

template <class T>
template <class F, class Inverse, class Keep, class P>
auto dstream<T>::checked_inverse_window(F f, Inverse inverse, duration length, duration slide,
                                        Keep keep, P partitions, source_location where) const {
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    if constexpr (lineage::check_key<K>() && lineage::check_reduce<owned_t<V>, V, F>() &&
                  check_inverse<V, Inverse>() && check_keep<owned_t<K>, owned_t<V>, Keep>() &&
                  lineage::check_partitioning<P, owned_t<K>>())
      return inverse_window("reduce_by_key_and_window", std::move(f), std::move(inverse), length,
                            slide, std::move(keep), std::move(partitions), where);
    else
      return *this;
  }
}

template <class T>
template <class P>
auto dstream<T>::group_by_key_and_window(duration length, duration slide, P partitions,
                                         source_location where) const {
  const std::string kind = "group_by_key_and_window";
  graph::check_window(kind, *node_, length, slide);
  if constexpr (!lineage::check_pair<T>()) {
    return *this;
  } else {
    using K = lineage::key_of_pair<T>;
    using V = lineage::value_of_pair<T>;
    using U = std::pair<owned_t<K>, std::vector<owned_t<V>>>;
    if constexpr (lineage::check_key<K>() && lineage::check_partitioning<P, owned_t<K>>()) {
      auto partitioner = rdd_detail::share(partitioner_of(std::move(partitions)));
      auto count = static_cast<std::uint32_t>(partitioner->count());
      auto groups =
        derive<U>(kind, where, [p = std::move(partitioner)](lineage::dataset_ptr set, batch_time) {
          return lineage::make_group_by_key<K, V>(std::move(set), p);
        });
      return groups.add_window(kind, length, slide, where, [count](auto sets) {
        return lineage::merge_groups<owned_t<K>, owned_t<V>>(std::move(sets), count);
      });
    } else {
      return *this;
    }
  }
}

// Windows over all records are windows by a key that all of them have.

template <class T>
template <class F>
dstream<owned_t<T>> dstream<T>::reduce_by_window(F f, duration length, duration slide,
                                                 source_location where) const {
  graph::check_window("reduce_by_window", *node_, length, slide);
  if constexpr (lineage::check_reduce<owned_t<T>, T, F>())
    return with_one_key("reduce_by_window", where)
      .reduce_window("reduce_by_window", std::move(f), length, slide, 1, where)
      .without_key("reduce_by_window", where);
  else
    return {node_, core_};
}

template <class T>
template <class F, class Inverse>
  requires(!std::convertible_to<Inverse, duration>)
dstream<owned_t<T>> dstream<T>::reduce_by_window(F f, Inverse inverse, duration length,
                                                 duration slide, source_location where)
const {
  graph::check_window("reduce_by_window", *node_, length, slide);
  if constexpr (lineage::check_reduce<owned_t<T>, T, F>() && check_inverse<T, Inverse>())
    return with_one_key("reduce_by_window", where)
      .inverse_window("reduce_by_window", std::move(f), std::move(inverse), length, slide,
                      keep_all{}, 1, where)
      .without_key("reduce_by_window", where);
  else
    return {node_, core_};
}

template <class T>
dstream<std::int64_t> dstream<T>::count_by_window(duration length, duration slide,
                                                  source_location where) const {
  graph::check_window("count_by_window", *node_, length, slide);
  auto one = [](const T&) { return std::pair{std::int8_t{0}, std::int64_t{1}}; };
  return derive<std::pair<std::int8_t, std::int64_t>>(
           "count_by_window", where,
           [f = rdd_detail::share(std::move(one))](lineage::dataset_ptr set, batch_time) {
             return lineage::make_map<T>(std::move(set), f);
           })
    .inverse_window("count_by_window", std::plus<>{}, std::minus<>{}, length, slide, keep_all{}, 1,
                    where)
    .without_key("count_by_window", where);
}

template <class T>
template <class P>
dstream<std::pair<owned_t<T>, std::int64_t>>
dstream<T>::count_by_value_and_window(duration length, duration slide, P partitions,
                                      source_location where) const {
  graph::check_window("count_by_value_and_window", *node_, length, slide);
  if constexpr (lineage::check_key<T>() && lineage::check_partitioning<P, owned_t<T>>()) {
    auto one = [](const T& x) { return std::pair<T, std::int64_t>{x, 1}; };
    auto is_there = [](const auto&, std::int64_t n) { return n != 0; };
    return derive<std::pair<T, std::int64_t>>(
             "count_by_value_and_window", where,
             [f = rdd_detail::share(std::move(one))](lineage::dataset_ptr set, batch_time) {
               return lineage::make_map<T>(std::move(set), f);
             })
      .inverse_window("count_by_value_and_window", std::plus<>{}, std::minus<>{}, length, slide,
                      is_there, std::move(partitions), where);
  } else {
    return {node_, core_};
  }
}

template <class T>
dstream<std::pair<std::int8_t, T>> dstream<T>::with_one_key(std::string kind,
                                                            source_location where) const {
  auto with_key = [](const T& x) { return std::pair<std::int8_t, T>{0, x}; };
  return derive<std::pair<std::int8_t, T>>(
    std::move(kind), where,
    [f = rdd_detail::share(std::move(with_key))](lineage::dataset_ptr set, batch_time) {
      return lineage::make_map<T>(std::move(set), f);
    });
}

template <class T>
auto dstream<T>::without_key(std::string kind, source_location where) const {
  using V = typename T::second_type;
  auto value_of = [](const T& x) { return x.second; };
  auto values =
    derive<V>(std::move(kind), where,
              [f = rdd_detail::share(std::move(value_of))](lineage::dataset_ptr set, batch_time) {
                return lineage::make_map<T>(std::move(set), f);
              });
  values.node()->set_keeper(node_);
  return values;
}

} // namespace caf_stream
