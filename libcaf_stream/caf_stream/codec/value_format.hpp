#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/msgpack_adaptors.hpp"

// How a value of each type is written as msgpack: `value_format<T>` has `pack` and `unpack` where
// there is such a form and `exists` says whether there is.
//
//   bool, numbers, enums    the number (enums: of their underlying type)
//   strings                 str; vectors of char and unsigned char: bin
//   pair, tuple, array      array of fixed length
//   optional                [] or [value], so that optionals of optionals keep their meaning
//   vector, set             array; map: map
//   duration, time_point    the count of their unit
//   MSGPACK_DEFINE          what that macro says

namespace caf_stream::codec {

/// Set it to true for a type with `msgpack::adaptor` specializations of its own.
template <class T>
inline constexpr bool has_msgpack_adaptor = false;

/// Lets msgpack write to the end of `bytes`.
struct byte_sink {
  bytes& out;
  void write(const char* data, std::size_t size) { out.insert(out.end(), data, data + size); }
};

using packer = msgpack::packer<byte_sink>;

template <class T>
struct value_format {
  static constexpr bool exists = false;
};

namespace format_detail {

template <class T>
concept integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && sizeof(T) <= 8;

template <class T>
concept defined = std::is_class_v<T> && std::default_initializable<T> &&
  requires(const T& from, T& to, packer& out, const msgpack::object& in) {
  from.msgpack_pack(out);
  to.msgpack_unpack(in);
};

inline const msgpack::object_array& array_of(const msgpack::object& in) {
  if (in.type != msgpack::type::ARRAY)
    throw msgpack::type_error();
  return in.via.array;
}

inline const msgpack::object_array& array_of(const msgpack::object& in, std::size_t size) {
  const auto& result = array_of(in);
  if (result.size != size)
    throw msgpack::type_error();
  return result;
}

inline std::uint32_t size_for_msgpack(std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw msgpack::container_size_overflow("a value of more than 4 GiB cannot be encoded");
  return static_cast<std::uint32_t>(size);
}

/// The number of elements is the sender's word until they have been read, and a T may be large.
template <class T>
std::size_t worth_reserving(std::size_t size) {
  return std::min(size, std::size_t{65536} / sizeof(T) + 1);
}

} // namespace format_detail

template <>
struct value_format<bool> {
  static constexpr bool exists = true;
  static void pack(packer& out, bool x) { out.pack(x); }
  static bool unpack(const msgpack::object& in) { return in.as<bool>(); }
};

template <format_detail::integer T>
struct value_format<T> {
  static constexpr bool exists = true;
  using number = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
  static void pack(packer& out, T x) { out.pack(static_cast<number>(x)); }
  static T unpack(const msgpack::object& in) {
    const auto x = in.as<number>();
    if (x < std::numeric_limits<T>::min() || x > std::numeric_limits<T>::max())
      throw msgpack::type_error();
    return static_cast<T>(x);
  }
};

template <class T>
  requires(std::is_same_v<T, float> || std::is_same_v<T, double>)
struct value_format<T> {
  static constexpr bool exists = true;
  static void pack(packer& out, T x) { out.pack(x); }
  static T unpack(const msgpack::object& in) { return in.as<T>(); }
};

template <class T>
  requires std::is_enum_v<T>
struct value_format<T> {
  using number = value_format<std::underlying_type_t<T>>;
  static constexpr bool exists = number::exists;
  static void pack(packer& out, T x) {
    number::pack(out, static_cast<std::underlying_type_t<T>>(x));
  }
  static T unpack(const msgpack::object& in) { return static_cast<T>(number::unpack(in)); }
};

template <>
struct value_format<std::string_view> {
  static constexpr bool exists = true;
  static void pack(packer& out, std::string_view x) {
    out.pack_str(format_detail::size_for_msgpack(x.size()));
    out.pack_str_body(x.data(), static_cast<std::uint32_t>(x.size()));
  }
  static std::string_view unpack(const msgpack::object& in) { return in.as<std::string_view>(); }
};

template <>
struct value_format<std::string> {
  static constexpr bool exists = true;
  static void pack(packer& out, std::string_view x) {
    value_format<std::string_view>::pack(out, x);
  }
  static std::string unpack(const msgpack::object& in) { return in.as<std::string>(); }
};

template <class A, class B>
struct value_format<std::pair<A, B>> {
  static constexpr bool exists = value_format<A>::exists && value_format<B>::exists;
  static void pack(packer& out, const std::pair<A, B>& x) {
    out.pack_array(2);
    value_format<A>::pack(out, x.first);
    value_format<B>::pack(out, x.second);
  }
  static std::pair<A, B> unpack(const msgpack::object& in) {
    const auto& elements = format_detail::array_of(in, 2);
    return {value_format<A>::unpack(elements.ptr[0]), value_format<B>::unpack(elements.ptr[1])};
  }
};

template <class... Ts>
struct value_format<std::tuple<Ts...>> {
  static constexpr bool exists = (value_format<Ts>::exists && ...);
  static void pack(packer& out, const std::tuple<Ts...>& x) {
    out.pack_array(sizeof...(Ts));
    std::apply([&out](const auto&... xs) { (value_format<Ts>::pack(out, xs), ...); }, x);
  }
  static std::tuple<Ts...> unpack(const msgpack::object& in) {
    return unpack_each(format_detail::array_of(in, sizeof...(Ts)),
                       std::index_sequence_for<Ts...>{});
  }

private:
  template <std::size_t... Is>
  static std::tuple<Ts...> unpack_each([[maybe_unused]] const msgpack::object_array& elements,
                                       std::index_sequence<Is...>) {
    return std::tuple<Ts...>{value_format<Ts>::unpack(elements.ptr[Is])...};
  }
};

template <class T>
struct value_format<std::optional<T>> {
  static constexpr bool exists = value_format<T>::exists;
  static void pack(packer& out, const std::optional<T>& x) {
    out.pack_array(x ? 1 : 0);
    if (x)
      value_format<T>::pack(out, *x);
  }
  static std::optional<T> unpack(const msgpack::object& in) {
    const auto& elements = format_detail::array_of(in);
    if (elements.size > 1)
      throw msgpack::type_error();
    if (elements.size == 0)
      return std::nullopt;
    return std::optional<T>{value_format<T>::unpack(elements.ptr[0])};
  }
};

template <class T, std::size_t N>
struct value_format<std::array<T, N>> {
  static constexpr bool exists = value_format<T>::exists;
  static void pack(packer& out, const std::array<T, N>& xs) {
    out.pack_array(format_detail::size_for_msgpack(N));
    for (const auto& x : xs)
      value_format<T>::pack(out, x);
  }
  static std::array<T, N> unpack(const msgpack::object& in) {
    return unpack_each(format_detail::array_of(in, N), std::make_index_sequence<N>{});
  }

private:
  template <std::size_t... Is>
  static std::array<T, N> unpack_each([[maybe_unused]] const msgpack::object_array& elements,
                                      std::index_sequence<Is...>) {
    return {value_format<T>::unpack(elements.ptr[Is])...};
  }
};

template <class T, class Allocator>
struct value_format<std::vector<T, Allocator>> {
  static constexpr bool exists = value_format<T>::exists;
  static constexpr bool as_bin = std::is_same_v<T, char> || std::is_same_v<T, unsigned char>;
  using vector_type = std::vector<T, Allocator>;

  static void pack(packer& out, const vector_type& xs) {
    const auto size = format_detail::size_for_msgpack(xs.size());
    if constexpr (as_bin) {
      out.pack_bin(size);
      out.pack_bin_body(reinterpret_cast<const char*>(xs.data()), size);
    } else {
      out.pack_array(size);
      for (const auto& x : xs)
        value_format<T>::pack(out, x);
    }
  }

  static vector_type unpack(const msgpack::object& in) {
    vector_type result;
    if constexpr (as_bin) {
      const auto from = in.as<std::string_view>();
      result.assign(from.begin(), from.end());
    } else {
      const auto& elements = format_detail::array_of(in);
      result.reserve(format_detail::worth_reserving<T>(elements.size));
      for (std::uint32_t i = 0; i < elements.size; ++i)
        result.push_back(value_format<T>::unpack(elements.ptr[i]));
    }
    return result;
  }
};

namespace format_detail {

template <class Set>
struct set_format {
  using element = value_format<typename Set::value_type>;
  static constexpr bool exists = element::exists;
  static void pack(packer& out, const Set& xs) {
    out.pack_array(size_for_msgpack(xs.size()));
    for (const auto& x : xs)
      element::pack(out, x);
  }
  static Set unpack(const msgpack::object& in) {
    const auto& elements = array_of(in);
    Set result;
    for (std::uint32_t i = 0; i < elements.size; ++i)
      result.insert(element::unpack(elements.ptr[i]));
    return result;
  }
};

template <class Map>
struct map_format {
  using key = value_format<typename Map::key_type>;
  using mapped = value_format<typename Map::mapped_type>;
  static constexpr bool exists = key::exists && mapped::exists;
  static void pack(packer& out, const Map& xs) {
    out.pack_map(size_for_msgpack(xs.size()));
    for (const auto& x : xs) {
      key::pack(out, x.first);
      mapped::pack(out, x.second);
    }
  }
  static Map unpack(const msgpack::object& in) {
    if (in.type != msgpack::type::MAP)
      throw msgpack::type_error();
    Map result;
    for (std::uint32_t i = 0; i < in.via.map.size; ++i) {
      const auto& from = in.via.map.ptr[i];
      result.emplace(key::unpack(from.key), mapped::unpack(from.val));
    }
    return result;
  }
};

} // namespace format_detail

template <class... Ts>
struct value_format<std::set<Ts...>> : format_detail::set_format<std::set<Ts...>> {};
template <class... Ts>
struct value_format<std::unordered_set<Ts...>>
  : format_detail::set_format<std::unordered_set<Ts...>> {};
template <class... Ts>
struct value_format<std::map<Ts...>> : format_detail::map_format<std::map<Ts...>> {};
template <class... Ts>
struct value_format<std::unordered_map<Ts...>>
  : format_detail::map_format<std::unordered_map<Ts...>> {};

template <class Rep, class Period>
struct value_format<std::chrono::duration<Rep, Period>> {
  using duration = std::chrono::duration<Rep, Period>;
  static constexpr bool exists = value_format<Rep>::exists;
  static void pack(packer& out, duration x) { value_format<Rep>::pack(out, x.count()); }
  static duration unpack(const msgpack::object& in) {
    return duration{value_format<Rep>::unpack(in)};
  }
};

template <class Clock, class Duration>
struct value_format<std::chrono::time_point<Clock, Duration>> {
  using time_point = std::chrono::time_point<Clock, Duration>;
  static constexpr bool exists = value_format<Duration>::exists;
  static void pack(packer& out, time_point x) {
    value_format<Duration>::pack(out, x.time_since_epoch());
  }
  static time_point unpack(const msgpack::object& in) {
    return time_point{value_format<Duration>::unpack(in)};
  }
};

template <class T>
  requires(format_detail::defined<T> || has_msgpack_adaptor<T>)
struct value_format<T> {
  static constexpr bool exists = true;
  static void pack(packer& out, const T& x) { out.pack(x); }
  static T unpack(const msgpack::object& in) { return in.as<T>(); }
};

} // namespace caf_stream::codec
