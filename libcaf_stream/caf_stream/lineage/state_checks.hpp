#pragma once

#include "caf_stream/lineage/map_with_state.hpp"
#include "caf_stream/lineage/pair_checks.hpp"
#include "caf_stream/lineage/update_state.hpp"

// What the typed handles check before they make an operator with state, and how they learn the type
// of the state; see function_checks.hpp.

namespace caf_stream::lineage {

/// Stands for the type of a state that is to be read from the function.
struct deduced_state {};

template <class T>
struct optional_traits {
  static constexpr bool is_optional = false;
  using value = void;
};
template <class T>
struct optional_traits<std::optional<T>> {
  static constexpr bool is_optional = true;
  using value = T;
};

template <class T>
struct shown_state {
  using type = void;
};
template <class S>
struct shown_state<state<S>> {
  using type = S;
};

/// The S that was named, else that of f, else that of the pairs that the program begins with;
/// void where none of them tells it.
template <class Named, class OfFunction, class OfInitial>
using first_known_state =
  std::conditional_t<!std::is_same_v<Named, deduced_state>, Named,
                     std::conditional_t<!std::is_void_v<OfFunction>, OfFunction, OfInitial>>;

template <class F>
using updated_state_t = typename optional_traits<std::remove_cvref_t<last_parameter_t<F>>>::value;

template <class F>
using mapped_state_t = typename shown_state<std::remove_cvref_t<last_parameter_t<F>>>::type;

/// What can be a state.
template <class S>
constexpr bool check_state() {
  if constexpr (is_view_v<S>) {
    static_assert(never<S>, "a state lives longer than the batch, so it cannot be a view: use the "
                            "type that owns it, such as std::string");
    return false;
  } else {
    return check_record<S>() && check_copyable<S>() && check_assignable<S>();
  }
}

/// K and V are owned.
template <class K, class V, class S, class F>
constexpr bool check_update_state() {
  if constexpr (!check_const_function<F, std::span<const V>, std::optional<S>>() ||
                !check_const_function<F, batch_time, const K&, std::span<const V>,
                                      std::optional<S>>()) {
    return false;
  } else if constexpr (updates_by_values_v<F, V, S>) {
    constexpr bool gives_state =
      std::is_convertible_v<std::invoke_result_t<const F&, std::span<const V>, std::optional<S>>,
                            std::optional<S>>;
    static_assert(gives_state, "update_state_by_key expects f to return a std::optional<S>: the "
                               "key's new state, or none where it is to go");
    return gives_state;
  } else if constexpr (updates_by_key_v<F, K, V, S>) {
    constexpr bool gives_state = std::is_convertible_v<
      std::invoke_result_t<const F&, batch_time, const K&, std::span<const V>, std::optional<S>>,
      std::optional<S>>;
    static_assert(gives_state, "update_state_by_key expects f to return a std::optional<S>: the "
                               "key's new state, or none where it is to go");
    return gives_state;
  } else {
    static_assert(never<F>, "update_state_by_key calls f(std::span<const V>, std::optional<S>) or "
                            "f(batch_time, const K&, std::span<const V>, std::optional<S>), where "
                            "K and V are owned; this function cannot be called so");
    return false;
  }
}

/// K and V are owned.
template <class K, class V, class S, class F>
constexpr bool check_map_with_state() {
  if constexpr (!check_const_function<F, const K&, std::optional<V>, state<S>&>() ||
                !check_const_function<F, batch_time, const K&, std::optional<V>, state<S>&>()) {
    return false;
  } else if constexpr (maps_with_state_v<F, K, V, S>) {
    return check_record<value_of_call<F, const K&, std::optional<V>, state<S>&>>();
  } else if constexpr (maps_with_time_v<F, K, V, S>) {
    using given =
      optional_traits<value_of_call<F, batch_time, const K&, std::optional<V>, state<S>&>>;
    static_assert(given::is_optional, "map_with_state expects f(batch_time, ...) to return a "
                                      "std::optional<M>: the record to emit, or none");
    if constexpr (given::is_optional)
      return check_record<typename given::value>();
    else
      return false;
  } else {
    static_assert(never<F>, "map_with_state calls f(const K&, std::optional<V>, state<S>&) or "
                            "f(batch_time, const K&, std::optional<V>, state<S>&), where K and V "
                            "are owned; this function cannot be called so");
    return false;
  }
}

/// The records that a state of K, owned, and S begins with.
template <class K, class S, class T>
constexpr bool check_initial() {
  if constexpr (!is_pair_v<T>) {
    static_assert(never<T>, "a state begins with pairs of a key and a state, std::pair<K, S>");
    return false;
  } else {
    constexpr bool fits =
      std::is_same_v<owned_t<key_of_pair<T>>, K> && std::is_same_v<owned_t<value_of_pair<T>>, S>;
    static_assert(fits, "the pairs that a state begins with must have the keys of the stream and "
                        "states of the type that f works on");
    return fits;
  }
}

} // namespace caf_stream::lineage
