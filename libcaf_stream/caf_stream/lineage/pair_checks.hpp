#pragma once

#include "caf_stream/lineage/flat_map_values.hpp"
#include "caf_stream/lineage/function_checks.hpp"
#include "caf_stream/lineage/function_combiner.hpp"

// What the typed handles check before they make an operator on pairs; see function_checks.hpp.

namespace caf_stream::lineage {

/// The form `f(v) -> range`.
template <class K, class V, class F>
constexpr bool check_flat_map_values() {
  if constexpr (!check_const_function<F, const V&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const V&>) {
    static_assert(never<F>, "flat_map_values calls f(const V&), where the records of this stream "
                            "are std::pair<K, V>, and flat_map_values<U> calls f(const V&, emit); "
                            "this function cannot be called so");
    return false;
  } else if constexpr (!is_range_v<value_of_call<F, const V&>>) {
    static_assert(never<F>, "flat_map_values expects f to return a range, such as std::vector<U>; "
                            "to emit values one by one write flat_map_values<U>(f) with f(v, "
                            "emit)");
    return false;
  } else {
    return check_result<F, range_record_t<value_of_call<F, const V&>>>() && check_copyable<K>();
  }
}

/// The form `f(v, emit)`.
template <class K, class V, class U, class F>
constexpr bool check_emitting_flat_map_values() {
  if constexpr (!check_const_function<F, const V&, value_emitter<K, U>&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const V&, value_emitter<K, U>&>) {
    static_assert(never<F>, "flat_map_values<U> calls f(const V&, emit), where the records of this "
                            "stream are std::pair<K, V> and emit(x) takes a U; this function "
                            "cannot be called so");
    return false;
  } else {
    return check_result<F, U>() && check_copyable<K>();
  }
}

/// What `create` of combine_by_key makes, owned; void where it cannot be called.
template <class V, class Create>
constexpr auto created_by() {
  if constexpr (is_callable_v<Create, const V&>)
    return std::type_identity<owned_t<value_of_call<Create, const V&>>>{};
  else if constexpr (is_callable_v<Create, const owned_t<V>&>)
    return std::type_identity<owned_t<value_of_call<Create, const owned_t<V>&>>>{};
  else
    return std::type_identity<void>{};
}

template <class V, class Create>
using created_t = typename decltype(created_by<V, Create>())::type;

template <class V, class Create, class Add, class Merge>
constexpr bool check_combine_by_key() {
  using C = created_t<V, Create>;
  if constexpr (!check_const_function<Create, const V&>()) {
    return false;
  } else if constexpr (std::is_void_v<C>) {
    static_assert(never<Create>, "combine_by_key calls create(const V&), where the records of this "
                                 "stream are std::pair<K, V>, and expects a C to combine the "
                                 "values in; this function cannot be called so");
    return false;
  } else if constexpr (!check_record<C>()) {
    return false;
  } else if constexpr (!check_const_function<Add, C, const V&>()) {
    return false;
  } else if constexpr (!is_accumulator_v<Add, C, V>) {
    static_assert(never<Add>, "combine_by_key calls merge_value(acc, value), where acc is an "
                              "rvalue of what create gives, and expects a new acc; this function "
                              "cannot be called so");
    return false;
  } else if constexpr (!check_const_function<Merge, C, const C&>()) {
    return false;
  } else if constexpr (!is_accumulator_v<Merge, C, C>) {
    static_assert(never<Merge>, "combine_by_key calls merge_combiners(acc, other), where acc is an "
                                "rvalue of what create gives and other another, and expects a new "
                                "acc; this function cannot be called so");
    return false;
  } else {
    return check_copyable<V>();
  }
}

/// Two data sets or streams that are brought together by key.
template <class T, class U>
constexpr bool check_join() {
  if constexpr (!is_pair_v<T> || !is_pair_v<U>) {
    return check_pair<std::conditional_t<is_pair_v<T>, U, T>>();
  } else if constexpr (!std::is_same_v<owned_t<key_of_pair<T>>, owned_t<key_of_pair<U>>>) {
    static_assert(never<T>, "both sides of a join must have keys of the same type, where a view "
                            "and the value that owns it count as the same");
    return false;
  } else {
    return check_key<key_of_pair<T>>() && check_copyable<value_of_pair<T>>() &&
           check_copyable<value_of_pair<U>>();
  }
}

} // namespace caf_stream::lineage
