#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Hashes and equality of keys that are neither strings nor numbers. A view of a key hashes like the
// key and can be compared with it: std::pair<std::string_view, int> finds std::pair<std::string,
// int>. A type of yours has a hash when argument-dependent look-up finds
//
//   std::uint64_t hash_value(const my_key&);
//
// The seed is mixed in afterwards, so two keys with the same hash_value collide in every table.

namespace caf_stream::data {

/// A hash of bytes.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;

/// A hash of 64 bits: multiplies to 128 and folds the halves, as wyhash does (Wang Yi,
/// https://github.com/wangyi-fudan/wyhash, public domain), twice, the seed mixed in each time.
inline std::uint64_t hash_word(std::uint64_t word, std::uint64_t seed) noexcept {
  __extension__ typedef unsigned __int128 uint128;
  auto mix = [](std::uint64_t a, std::uint64_t b) {
    auto product = static_cast<uint128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  return mix(mix(word ^ seed, 0xa0761d6478bd642fu) ^ seed, 0xe7037ed1a0b428dbu);
}

/// Specializations have a static member `hash(const K&, std::uint64_t seed)`.
template <class K>
struct key_hasher {};

template <class K>
inline constexpr bool has_key_hash_v = requires(const K& key) {
  { key_hasher<K>::hash(key, std::uint64_t{}) } -> std::same_as<std::uint64_t>;
};

template <class K>
concept hashable_key = has_key_hash_v<K>;

template <class K>
concept has_hash_value = std::is_class_v<K> && requires(const K& key) {
  { hash_value(key) } -> std::convertible_to<std::uint64_t>;
};

template <class K>
  requires(std::is_integral_v<K> || std::is_enum_v<K>)
struct key_hasher<K> {
  static std::uint64_t hash(K key, std::uint64_t seed) noexcept {
    return hash_word(static_cast<std::uint64_t>(key), seed);
  }
};

template <class K>
  requires(std::is_same_v<K, float> || std::is_same_v<K, double>)
struct key_hasher<K> {
  static std::uint64_t hash(K key, std::uint64_t seed) noexcept {
    auto x = key == 0 ? 0.0 : static_cast<double>(key); // -0.0 is equal to 0.0
    if (key != key)
      x = std::numeric_limits<double>::quiet_NaN();
    return hash_word(std::bit_cast<std::uint64_t>(x), seed);
  }
};

template <class K>
  requires(std::is_same_v<K, std::string> || std::is_same_v<K, std::string_view>)
struct key_hasher<K> {
  static std::uint64_t hash(std::string_view key, std::uint64_t seed) noexcept {
    return hash_bytes(key, seed);
  }
};

template <has_hash_value K>
struct key_hasher<K> {
  static std::uint64_t hash(const K& key, std::uint64_t seed) {
    return hash_word(static_cast<std::uint64_t>(hash_value(key)), seed);
  }
};

template <hashable_key A, hashable_key B>
struct key_hasher<std::pair<A, B>> {
  static std::uint64_t hash(const std::pair<A, B>& key, std::uint64_t seed) {
    return key_hasher<B>::hash(key.second, key_hasher<A>::hash(key.first, seed) + 1);
  }
};

template <hashable_key... Ts>
struct key_hasher<std::tuple<Ts...>> {
  static std::uint64_t hash(const std::tuple<Ts...>& key, std::uint64_t seed) {
    std::apply([&](const Ts&... xs) { ((seed = key_hasher<Ts>::hash(xs, seed) + 1), ...); }, key);
    return seed;
  }
};

template <hashable_key T>
struct key_hasher<std::optional<T>> {
  static std::uint64_t hash(const std::optional<T>& key, std::uint64_t seed) {
    return key ? key_hasher<T>::hash(*key, seed + 1) : hash_word(0, seed);
  }
};

template <class Range>
std::uint64_t hash_elements(const Range& xs, std::uint64_t seed) {
  seed = hash_word(xs.size(), seed);
  for (const auto& x : xs)
    seed = key_hasher<typename Range::value_type>::hash(x, seed + 1);
  return seed;
}

template <hashable_key T, class Allocator>
struct key_hasher<std::vector<T, Allocator>> {
  static std::uint64_t hash(const std::vector<T, Allocator>& key, std::uint64_t seed) {
    return hash_elements(key, seed);
  }
};

template <hashable_key T, std::size_t N>
struct key_hasher<std::array<T, N>> {
  static std::uint64_t hash(const std::array<T, N>& key, std::uint64_t seed) {
    return hash_elements(key, seed);
  }
};

/// The hash of keys in tables that are given no other.
struct default_key_hash {
  template <hashable_key K>
  std::uint64_t operator()(const K& key, std::uint64_t seed) const {
    return key_hasher<K>::hash(key, seed);
  }
};

template <class A, class B>
bool keys_equal(const A& a, const B& b);

template <class A1, class A2, class B1, class B2>
bool keys_equal(const std::pair<A1, A2>& a, const std::pair<B1, B2>& b) {
  return keys_equal(a.first, b.first) && keys_equal(a.second, b.second);
}

template <class... As, class... Bs>
bool keys_equal(const std::tuple<As...>& a, const std::tuple<Bs...>& b) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (keys_equal(std::get<I>(a), std::get<I>(b)) && ...);
  }
  (std::index_sequence_for<As...>{});
}

template <class A, class B>
bool keys_equal(const std::optional<A>& a, const std::optional<B>& b) {
  return a.has_value() == b.has_value() && (!a || keys_equal(*a, *b));
}

template <class A, class AllocatorA, class B, class AllocatorB>
bool keys_equal(const std::vector<A, AllocatorA>& a, const std::vector<B, AllocatorB>& b) {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!keys_equal(a[i], b[i]))
      return false;
  return true;
}

template <class A, class B, std::size_t N>
bool keys_equal(const std::array<A, N>& a, const std::array<B, N>& b) {
  for (std::size_t i = 0; i < N; ++i)
    if (!keys_equal(a[i], b[i]))
      return false;
  return true;
}

/// Whether two keys, or a key and a view of one, are equal. All that are not a number are one key.
template <class A, class B>
bool keys_equal(const A& a, const B& b) {
  if constexpr (std::is_floating_point_v<A> && std::is_floating_point_v<B>)
    return a == b || (a != a && b != b);
  else
    return a == b;
}

} // namespace caf_stream::data
