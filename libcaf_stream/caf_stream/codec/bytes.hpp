#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

// Bytes as they are written and read. Numbers in our formats are little endian, and so is every
// machine this library is built for, which makes reading and writing them a copy.

namespace caf_stream::codec {

static_assert(std::endian::native == std::endian::little,
              "the byte formats of caf_stream are read and written by copying numbers, which needs "
              "a little-endian machine");

using bytes = std::vector<char>;

inline std::string_view as_view(const bytes& x) noexcept { return {x.data(), x.size()}; }

inline bytes to_bytes(std::string_view x) { return bytes(x.begin(), x.end()); }

inline void append_bytes(bytes& out, std::string_view x) {
  out.insert(out.end(), x.begin(), x.end());
}

/// Appends the bytes of a number.
template <class T>
  requires std::is_arithmetic_v<T>
void append_raw(bytes& out, T x) {
  const auto at = out.size();
  out.resize(at + sizeof(T));
  std::memcpy(out.data() + at, &x, sizeof(T));
}

/// Reads a number from `sizeof(T)` bytes at any address.
template <class T>
  requires std::is_arithmetic_v<T> T load_raw(const char* at)
noexcept {
  T x;
  std::memcpy(&x, at, sizeof(T));
  return x;
}

/// Writes a number to `sizeof(T)` bytes at any address.
template <class T>
  requires std::is_arithmetic_v<T>
void store_raw(char* at, T x) noexcept { std::memcpy(at, &x, sizeof(T)); }

} // namespace caf_stream::codec
