// The operators of dstream that bring the batches of two streams together. What the joins make of
// two batches is what the operators of rdd of the same names make of them.

#include "caf_stream/stream_checks.hpp"

namespace caf_stream {

template <class T>
template <class R, class U>
dstream<R> dstream<T>::combine(
  std::string kind, const dstream<U>& other, source_location where,
  std::function<lineage::dataset_ptr(lineage::dataset_ptr, lineage::dataset_ptr, batch_time)> make)
  const {
  graph::node_description description;
  description.parents = {node_, other.node()};
  check_can_combine(kind, description.parents);
  description.kind = std::move(kind);
  description.slide = node_->slide();
  description.where = where;
  auto compute = [left = node_, right = other.node(), make = std::move(make)](batch_time t) {
    auto set = left->get_or_compute(t); // before the other side's, on every compiler
    return make(std::move(set), right->get_or_compute(t), t);
  };
  return {core_->graph->add(std::move(description), std::move(compute)), core_};
}

template <class T>
template <class U, class F>
auto dstream<T>::transform_with(const dstream<U>& other, F f, source_location where) const {
  if constexpr (!check_on_batches<F, const rdd<T>&, const rdd<U>&>()) {
    return *this;
  } else {
    using R = result_on_batches<F, const rdd<T>&, const rdd<U>&>;
    return combine<R>("transform_with", other, where,
                      [f = rdd_detail::share(std::move(f)), engine = weak_engine{core_}](
                        lineage::dataset_ptr left, lineage::dataset_ptr right, batch_time t) {
                        auto locked = engine.lock();
                        return call_on_batches(*f, t, rdd<T>{std::move(left), locked},
                                               rdd<U>{std::move(right), locked})
                          .dataset();
                      });
  }
}

template <class T, class F>
auto transform_all(const std::vector<dstream<T>>& streams, F f, source_location where) {
  using batches = const std::vector<rdd<T>>&;
  if constexpr (!check_on_batches<F, batches>()) {
    return streams.at(0);
  } else {
    using R = result_on_batches<F, batches>;
    auto description = describe_combination("transform", streams, where);
    auto& core = streams[0].core();
    auto compute = [parents = description.parents, f = rdd_detail::share(std::move(f)),
                    engine = weak_engine{core}](batch_time t) {
      auto locked = engine.lock();
      std::vector<rdd<T>> sets;
      for (auto& parent : parents)
        sets.emplace_back(parent->get_or_compute(t), locked);
      return call_on_batches(*f, t, sets).dataset();
    };
    return dstream<R>{core->graph->add(std::move(description), std::move(compute)), core};
  }
}

template <class T>
template <class U, class F>
auto dstream<T>::join_batches(std::string kind, const dstream<U>& other, source_location where,
                              F f) const {
  using R = typename std::invoke_result_t<const F&, const rdd<T>&, const rdd<U>&>::value_type;
  return combine<R>(
    std::move(kind), other, where,
    [f = std::move(f)](lineage::dataset_ptr left, lineage::dataset_ptr right, batch_time) {
      // Recipes only: nothing is run, so there is no need of an engine.
      return f(rdd<T>{std::move(left), nullptr}, rdd<U>{std::move(right), nullptr}).dataset();
    });
}

template <class T>
template <class U, class P>
auto dstream<T>::join(const dstream<U>& other, P partitions, source_location where) const {
  return join_batches("join", other, where,
                      [p = partitioner_of(std::move(partitions))](
                        const rdd<T>& a, const rdd<U>& b) { return a.join(b, p); });
}

template <class T>
template <class U, class P>
auto dstream<T>::left_outer_join(const dstream<U>& other, P partitions,
                                 source_location where) const {
  return join_batches("left_outer_join", other, where,
                      [p = partitioner_of(std::move(partitions))](
                        const rdd<T>& a, const rdd<U>& b) { return a.left_outer_join(b, p); });
}

template <class T>
template <class U, class P>
auto dstream<T>::right_outer_join(const dstream<U>& other, P partitions,
                                  source_location where) const {
  return join_batches("right_outer_join", other, where,
                      [p = partitioner_of(std::move(partitions))](
                        const rdd<T>& a, const rdd<U>& b) { return a.right_outer_join(b, p); });
}

template <class T>
template <class U, class P>
auto dstream<T>::full_outer_join(const dstream<U>& other, P partitions,
                                 source_location where) const {
  return join_batches("full_outer_join", other, where,
                      [p = partitioner_of(std::move(partitions))](
                        const rdd<T>& a, const rdd<U>& b) { return a.full_outer_join(b, p); });
}

template <class T>
template <class U, class P>
auto dstream<T>::cogroup(const dstream<U>& other, P partitions, source_location where) const {
  return join_batches("cogroup", other, where,
                      [p = partitioner_of(std::move(partitions))](
                        const rdd<T>& a, const rdd<U>& b) { return a.cogroup(b, p); });
}

} // namespace caf_stream
