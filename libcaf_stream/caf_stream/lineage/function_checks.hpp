#pragma once

#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "caf_stream/codec/columns.hpp"
#include "caf_stream/codec/key_encoding.hpp"
#include "caf_stream/codec/owned.hpp"
#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/emitter.hpp"
#include "caf_stream/lineage/flat_map.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/record_range.hpp"
#include "caf_stream/shuffle/partitioner.hpp"

// What the typed handles check before they make an operator. Each check either passes and is true,
// or stops the compiler with one sentence that says what is wrong; then it is false, so that the
// handle can leave out what would only give more errors.

namespace caf_stream::lineage {

template <class...>
inline constexpr bool never = false;

/// What every function must be: callable as const.
template <class F, class... Args>
constexpr bool check_const_function() {
  if constexpr (is_mutable_function_v<F, Args...>) {
    static_assert(never<F>, "this function changes itself when it is called (a mutable lambda?): "
                            "functions are shared by threads and called as const");
    return false;
  } else {
    return true;
  }
}

/// What can be a record.
template <class U>
constexpr bool check_record() {
  if constexpr (std::is_void_v<U>) {
    static_assert(never<U>, "this function returns nothing where a record is expected");
    return false;
  } else if constexpr (has_pointer_v<U>) {
    static_assert(never<U>, "raw pointers cannot be records, since what they point to may be gone "
                            "or in another process: use std::string or std::string_view, as in "
                            "std::pair{std::string_view{\"odd\"}, x}");
    return false;
  } else {
    static_assert(std::is_move_constructible_v<U>, "records must be movable");
    return std::is_move_constructible_v<U>;
  }
}

/// What is kept, filtered or shuffled.
template <class T>
constexpr bool check_copyable() {
  static_assert(std::is_copy_constructible_v<owned_t<T>> && std::is_copy_constructible_v<T>,
                "filter, collect, glom, persist, windows and shuffles need copyable records");
  return std::is_copy_constructible_v<owned_t<T>> && std::is_copy_constructible_v<T>;
}

/// What is put in the place of another.
template <class T>
constexpr bool check_assignable() {
  static_assert(
    std::is_move_assignable_v<owned_t<T>>,
    "reductions, sorting and states need values that can be assigned: their type cannot "
    "have const members or references");
  return std::is_move_assignable_v<owned_t<T>>;
}

/// What can be a key.
template <class K>
constexpr bool check_key() {
  if constexpr (has_pointer_v<K>) {
    static_assert(never<K>, "raw pointers cannot be keys, since equal content may stand at two "
                            "addresses: use std::string or std::string_view");
    return false;
  } else if constexpr (!codec::is_key_encodable_v<owned_t<K>>) {
    static_assert(never<K>, "a key needs an encoding, from which its partition comes: add "
                            "MSGPACK_DEFINE(members...)");
    return false;
  } else if constexpr (!requires(const owned_t<K>& x) { static_cast<bool>(x == x); }) {
    static_assert(never<K>, "a key needs operator==");
    return false;
  } else {
    return check_copyable<K>();
  }
}

template <class T>
constexpr bool check_pair() {
  static_assert(is_pair_v<T>, "operations by key need records of type std::pair<K, V>");
  return is_pair_v<T>;
}

template <class F, class U>
constexpr bool check_result() {
  if constexpr (!check_record<U>()) {
    return false;
  } else if constexpr (returns_dead_view_v<F, U>) {
    static_assert(never<F>, "this function takes an owning record by value and returns a view of "
                            "it, which is dead when it is read: take it as const T&");
    return false;
  } else {
    return true;
  }
}

template <class T, class F>
constexpr bool check_map() {
  if constexpr (!check_const_function<F, const T&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const T&>) {
    static_assert(never<F>, "map calls f(const T&), where T is the record type of this stream; "
                            "this function cannot be called so");
    return false;
  } else {
    return check_result<F, value_of_call<F, const T&>>();
  }
}

template <class K, class V, class F>
constexpr bool check_map_values() {
  if constexpr (!check_const_function<F, const V&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const V&>) {
    static_assert(never<F>, "map_values calls f(const V&), where the records of this stream are "
                            "std::pair<K, V>; this function cannot be called so");
    return false;
  } else {
    return check_result<F, value_of_call<F, const V&>>() && check_copyable<K>();
  }
}

template <class T, class F>
constexpr bool check_filter() {
  if constexpr (!check_const_function<F, const T&>()) {
    return false;
  } else if constexpr (!std::is_invocable_r_v<bool, const F&, const T&>) {
    static_assert(never<F>, "filter calls f(const T&), where T is the record type of this stream, "
                            "and expects a bool; this function cannot be called so");
    return false;
  } else {
    return check_copyable<T>();
  }
}

/// The form `f(record) -> range`.
template <class T, class F>
constexpr bool check_flat_map() {
  if constexpr (!check_const_function<F, const T&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const T&>) {
    static_assert(never<F>, "flat_map calls f(const T&), where T is the record type of this "
                            "stream, and flat_map<U> calls f(const T&, emit); this function "
                            "cannot be called so");
    return false;
  } else if constexpr (!is_range_v<value_of_call<F, const T&>>) {
    static_assert(never<F>, "flat_map expects f to return a range, such as std::vector<U>; to emit "
                            "records one by one write flat_map<U>(f) with f(record, emit)");
    return false;
  } else {
    return check_result<F, range_record_t<value_of_call<F, const T&>>>();
  }
}

/// The form `f(record, emit)`.
template <class T, class U, class F>
constexpr bool check_emitting_flat_map() {
  if constexpr (!check_const_function<F, const T&, emitter<U>&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const T&, emitter<U>&> && !splits_chunks<F, T, U>) {
    static_assert(never<F>, "flat_map<U> calls f(const T&, emit), where T is the record type of "
                            "this stream and emit(x) takes a U; this function cannot be called so");
    return false;
  } else {
    return check_result<F, U>();
  }
}

template <class T, class F>
constexpr bool check_map_partitions() {
  if constexpr (!check_const_function<F, record_range<T>&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, record_range<T>&>) {
    static_assert(never<F>, "map_partitions calls f(records), where records is a "
                            "caf_stream::record_range<T>; this function cannot be called so");
    return false;
  } else if constexpr (!is_range_v<value_of_call<F, record_range<T>&>>) {
    static_assert(never<F>, "map_partitions expects f to return a range, such as std::vector<U>");
    return false;
  } else {
    return check_record<range_record_t<value_of_call<F, record_range<T>&>>>();
  }
}

/// Reductions of V to an accumulator of type A.
template <class A, class V, class F>
constexpr bool check_reduce() {
  if constexpr (!check_const_function<F, A, const V&>()) {
    return false;
  } else if constexpr (!is_accumulator_v<F, A, V>) {
    static_assert(never<F>, "reductions call f(acc, value), where acc is an rvalue of the owned "
                            "type of the values, and expect a new acc; this function cannot be "
                            "called so");
    return false;
  } else {
    return check_copyable<V>() && check_assignable<A>();
  }
}

/// What records are sorted by.
template <class T, class F>
constexpr bool check_sort_by() {
  if constexpr (!check_const_function<F, const T&>()) {
    return false;
  } else if constexpr (!is_callable_v<F, const T&>) {
    static_assert(never<F>, "sort_by calls f(const T&), where T is the record type; this function "
                            "cannot be called so");
    return false;
  } else if constexpr (!check_result<F, value_of_call<F, const T&>>()) {
    return false;
  } else if constexpr (!requires(const value_of_call<F, const T&>& a) {
                         static_cast<bool>(a < a);
                       }) {
    static_assert(never<F>, "sort_by needs keys with operator<");
    return false;
  } else {
    return check_copyable<T>() && check_assignable<T>() &&
           check_copyable<value_of_call<F, const T&>>() &&
           check_assignable<value_of_call<F, const T&>>();
  }
}

/// Two data sets whose records are compared.
template <class T, class U>
constexpr bool check_same_records() {
  static_assert(std::is_same_v<owned_t<T>, owned_t<U>>,
                "both sides must have records of the same type, where a view and the value that "
                "owns it count as the same");
  return std::is_same_v<owned_t<T>, owned_t<U>>;
}

/// What `top` orders records by.
template <class T, class Less>
constexpr bool check_order() {
  if constexpr (!check_const_function<Less, const T&, const T&>()) {
    return false;
  } else if constexpr (!std::is_invocable_r_v<bool, const Less&, const T&, const T&>) {
    static_assert(never<Less>, "top calls less(const T&, const T&), where T is the record type, "
                               "and expects a bool; it cannot be called so");
    return false;
  } else {
    return check_copyable<T>() && check_assignable<T>();
  }
}

template <class T, class F>
constexpr bool check_foreach() {
  if constexpr (!check_const_function<F, const T&>()) {
    return false;
  } else {
    static_assert(is_callable_v<F, const T&>, "foreach calls f(const T&), where T is the record "
                                              "type; this function cannot be called so");
    return is_callable_v<F, const T&>;
  }
}

template <class T, class F>
constexpr bool check_foreach_partition() {
  if constexpr (!check_const_function<F, record_range<T>&>()) {
    return false;
  } else {
    static_assert(is_callable_v<F, record_range<T>&>,
                  "foreach_partition calls f(records), where records is a "
                  "caf_stream::record_range<T>; this function cannot be called so");
    return is_callable_v<F, record_range<T>&>;
  }
}

/// What is written as it is encoded.
template <class T>
constexpr bool check_encodable() {
  static_assert(codec::has_record_encoding_v<T>, "object files need records with an encoding: add "
                                                 "MSGPACK_DEFINE(members...)");
  return codec::has_record_encoding_v<T>;
}

template <class T, class F>
constexpr bool check_file_writer() {
  if constexpr (!check_const_function<F, record_range<T>&, std::ostream&>()) {
    return false;
  } else {
    static_assert(is_callable_v<F, record_range<T>&, std::ostream&>,
                  "save_as_files calls writer(records, out), where records is a "
                  "caf_stream::record_range<T> and out a std::ostream; this function cannot be "
                  "called so");
    return is_callable_v<F, record_range<T>&, std::ostream&>;
  }
}

template <class P, class K>
constexpr bool check_partitioner() {
  static_assert(partitioner_for<P, K>, "a partitioner has count() and, as const, operator()(const "
                                       "K&) for the owned type K of the keys");
  return partitioner_for<P, K>;
}

/// What stands where an operator by key takes a number of partitions or a partitioner.
template <class P, class K>
constexpr bool check_partitioning() {
  if constexpr (std::is_same_v<P, default_partitioning> || std::is_integral_v<P>)
    return true;
  else
    return check_partitioner<P, K>();
}

} // namespace caf_stream::lineage
