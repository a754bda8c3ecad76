#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/bytes.hpp"

namespace caf_stream::codec {

/// The frame around the columns of many records; README.md of this folder has its bytes.
struct envelope {
  static constexpr std::uint64_t format_version = 1;

  std::uint64_t count = 0;
  std::vector<std::string_view> columns; ///< into the bytes that were opened
};

/// Begins an envelope at the end of `out`; exactly `columns` columns must follow.
void begin_envelope(bytes& out, std::string_view kind, std::uint64_t count, std::size_t columns);

/// Appends a column of `size` bytes, all zero, and returns the first, good until `out` grows.
/// Throws `error` (invalid_argument) where `size` does not fit 32 bits.
char* append_column(bytes& out, std::size_t size);

/// Begins a column that has all bytes appended to `out` until `end_column` is called with what
/// this returns.
std::size_t begin_column(bytes& out);
void end_column(bytes& out, std::size_t begin);

/// Opens the envelope that takes all of `in`. Its version, kind and number of columns must be the
/// given ones; what is in the columns is not looked at.
result<envelope> open_envelope(std::string_view in, std::string_view kind, std::size_t columns);

/// True when `lengths` holds `count` numbers of 32 bits whose sum is `total`.
bool lengths_fit(std::string_view lengths, std::uint64_t count, std::size_t total) noexcept;

} // namespace caf_stream::codec
