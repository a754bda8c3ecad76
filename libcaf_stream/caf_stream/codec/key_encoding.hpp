#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/encoding.hpp"

// Keys as bytes, such that equal keys have equal bytes on every machine, and the hash of those
// bytes, from which a key's partition comes. Both are part of the checkpoint format: they never
// change. The forms, byte by byte, are in README.md of this folder.
//
// A string or number on its own needs no length and no tag, since only keys of one type are ever
// compared; that lets `key_hash` take both as they are, without writing them to a buffer first.

namespace caf_stream::codec {

/// XXH3 with our seed, 0x6361665f73747265 ("caf_stre").
std::uint64_t hash_key_bytes(std::string_view encoded) noexcept;

/// The same for the eight bytes of `encoded`.
std::uint64_t hash_key_integer(std::uint64_t encoded) noexcept;

namespace key_detail {

/// `append(out, x)` writes a self-delimiting form, fit to stand before others.
template <class T>
struct key_format {
  static constexpr bool exists = false;
};

template <class T>
concept integer = (std::is_integral_v<T> || std::is_enum_v<T>)&&sizeof(T) <= 8; // bool is 0 or 1

template <class T>
concept floating = std::is_same_v<T, float> || std::is_same_v<T, double>;

template <class T>
concept text = std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>;

template <integer T>
std::uint64_t integer_form(T x) noexcept {
  if constexpr (std::is_enum_v<T>)
    return integer_form(static_cast<std::underlying_type_t<T>>(x));
  else
    return static_cast<std::uint64_t>(x); // extends the sign: equal values, equal bytes
}

template <floating T>
std::uint64_t floating_form(T x) noexcept {
  double canonical = x;
  if (canonical != canonical)
    return 0x7ff8000000000000; // NaNs differ in bits that say nothing
  if (canonical == 0)
    canonical = 0; // drops the sign of -0.0
  return std::bit_cast<std::uint64_t>(canonical);
}

template <integer T>
struct key_format<T> {
  static constexpr bool exists = true;
  static void append(bytes& out, T x) { append_raw(out, integer_form(x)); }
};

template <floating T>
struct key_format<T> {
  static constexpr bool exists = true;
  static void append(bytes& out, T x) { append_raw(out, floating_form(x)); }
};

template <text T>
struct key_format<T> {
  static constexpr bool exists = true;
  static void append(bytes& out, std::string_view x) {
    append_raw(out, std::uint64_t{x.size()});
    append_bytes(out, x);
  }
};

template <class A, class B>
struct key_format<std::pair<A, B>> {
  static constexpr bool exists =
    key_format<std::remove_cv_t<A>>::exists && key_format<std::remove_cv_t<B>>::exists;
  static void append(bytes& out, const std::pair<A, B>& x) {
    key_format<std::remove_cv_t<A>>::append(out, x.first);
    key_format<std::remove_cv_t<B>>::append(out, x.second);
  }
};

template <class... Ts>
struct key_format<std::tuple<Ts...>> {
  static constexpr bool exists = (key_format<Ts>::exists && ...);
  static void append([[maybe_unused]] bytes& out, const std::tuple<Ts...>& x) {
    std::apply([&out](const auto&... xs) { (key_format<Ts>::append(out, xs), ...); }, x);
  }
};

template <class T>
struct key_format<std::optional<T>> {
  static constexpr bool exists = key_format<T>::exists;
  static void append(bytes& out, const std::optional<T>& x) {
    out.push_back(x ? 1 : 0);
    if (x)
      key_format<T>::append(out, *x);
  }
};

template <class Range>
struct key_format_of_range {
  using element = key_format<typename Range::value_type>;
  static constexpr bool exists = element::exists;
  static void append(bytes& out, const Range& xs) {
    append_raw(out, std::uint64_t{xs.size()});
    for (const auto& x : xs)
      element::append(out, x);
  }
};

template <class... Ts>
struct key_format<std::vector<Ts...>> : key_format_of_range<std::vector<Ts...>> {};
template <class T, std::size_t N>
struct key_format<std::array<T, N>> : key_format_of_range<std::array<T, N>> {};
template <class... Ts>
struct key_format<std::set<Ts...>> : key_format_of_range<std::set<Ts...>> {};
template <class... Ts>
struct key_format<std::map<Ts...>> : key_format_of_range<std::map<Ts...>> {};

template <class Rep, class Period>
struct key_format<std::chrono::duration<Rep, Period>> {
  static constexpr bool exists = key_format<Rep>::exists;
  static void append(bytes& out, std::chrono::duration<Rep, Period> x) {
    key_format<Rep>::append(out, x.count());
  }
};

template <class Clock, class Duration>
struct key_format<std::chrono::time_point<Clock, Duration>> {
  static constexpr bool exists = key_format<Duration>::exists;
  static void append(bytes& out, std::chrono::time_point<Clock, Duration> x) {
    key_format<Duration>::append(out, x.time_since_epoch());
  }
};

template <class T>
  requires(format_detail::defined<T> || has_msgpack_adaptor<T>)
struct key_format<T> {
  static constexpr bool exists = true;
  static void append(bytes& out, const T& x) { encode(out, x); }
};

} // namespace key_detail

/// True for what can be a key without more ado: what is encodable, but for unordered containers,
/// whose order says nothing.
template <class K>
inline constexpr bool is_key_encodable_v = key_detail::key_format<std::remove_cv_t<K>>::exists;

/// Appends the canonical form of a key. Views and the values that own them give the same bytes, as
/// do integers of the same value whatever their type, 0.0 and -0.0, and all NaNs. Classes give
/// their MSGPACK_DEFINE encoding: equal values of them must have equal members.
template <class K>
void append_key(bytes& out, const K& key) {
  static_assert(is_key_encodable_v<K>, "this type cannot be a key: add MSGPACK_DEFINE(members...)");
  if constexpr (key_detail::text<K>)
    append_bytes(out, key);
  else
    key_detail::key_format<K>::append(out, key);
}

/// The hash of a key's canonical form, the same in every process and every version.
template <class K>
std::uint64_t key_hash(const K& key) {
  if constexpr (key_detail::text<K>) {
    return hash_key_bytes(key);
  } else if constexpr (key_detail::integer<K>) {
    return hash_key_integer(key_detail::integer_form(key));
  } else if constexpr (key_detail::floating<K>) {
    return hash_key_integer(key_detail::floating_form(key));
  } else {
    thread_local bytes buffer;
    buffer.clear();
    append_key(buffer, key);
    return hash_key_bytes(as_view(buffer));
  }
}

} // namespace caf_stream::codec
