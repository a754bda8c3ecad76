#pragma once

#include <cassert>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "caf_stream/base/error.hpp"

// A number of bytes, so that sizes are not mistaken for counts of anything else.

namespace caf_stream {

struct byte_count {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(const byte_count&, const byte_count&) = default;

  constexpr byte_count& operator+=(byte_count other) noexcept {
    value += other.value;
    return *this;
  }

  /// Requires that there are as many bytes as are taken away.
  constexpr byte_count& operator-=(byte_count other) noexcept {
    assert(value >= other.value);
    value -= other.value;
    return *this;
  }

  friend constexpr byte_count operator+(byte_count a, byte_count b) noexcept { return a += b; }
  friend constexpr byte_count operator-(byte_count a, byte_count b) noexcept { return a -= b; }

  template <std::integral Int>
  friend constexpr byte_count operator*(byte_count a, Int factor) noexcept {
    return {a.value * static_cast<std::uint64_t>(factor)};
  }

  template <std::integral Int>
  friend constexpr byte_count operator*(Int factor, byte_count a) noexcept {
    return a * factor;
  }

  template <std::integral Int>
  friend constexpr byte_count operator/(byte_count a, Int divisor) noexcept {
    return {a.value / static_cast<std::uint64_t>(divisor)};
  }

  /// How often `b` fits into `a`.
  friend constexpr std::uint64_t operator/(byte_count a, byte_count b) noexcept {
    return a.value / b.value;
  }
};

inline namespace byte_literals {

constexpr byte_count operator""_B(unsigned long long n) noexcept { return {n}; }

constexpr byte_count operator""_KiB(unsigned long long n) noexcept { return {n << 10}; }

constexpr byte_count operator""_MiB(unsigned long long n) noexcept { return {n << 20}; }

constexpr byte_count operator""_GiB(unsigned long long n) noexcept { return {n << 30}; }

} // namespace byte_literals

/// Exact and in the largest binary unit that allows it: `64MiB`, `1536KiB`, `513B`.
std::string to_string(byte_count n);

/// Reads a whole number with `B`, `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024), `kB`, `KB`, `MB`,
/// `GB`, `TB` (powers of 1000) or no unit; a blank may stand before the unit.
result<byte_count> parse_byte_count(std::string_view text);

} // namespace caf_stream
