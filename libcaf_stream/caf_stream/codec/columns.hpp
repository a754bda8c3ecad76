#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/column_format.hpp"
#include "caf_stream/codec/encoding.hpp"
#include "caf_stream/codec/envelope.hpp"
#include "caf_stream/codec/owned.hpp"

// Many records at once, in one msgpack envelope around flat columns:
//
//   [version, "(s,i8)", count, lengths of the strings, their bytes, the numbers]
//
// Numbers, enums, strings, and pairs and tuples of them have columns; records of other types stand
// one after the other in a single column, each with its own encoding. Views and the values that
// own them are written alike.

namespace caf_stream::codec {

/// True for records that can be written and read back: encodable ones and views of such.
template <class T>
inline constexpr bool has_record_encoding_v = is_encodable_v<owned_t<T>>;

/// What a record is read as without copying text: strings as views into the input. Types without
/// columns are read as owned values.
template <class T>
using decoded_t = typename std::conditional_t<column_format<T>::exists, column_format<T>,
                                              std::type_identity<owned_t<T>>>::type;

/// Appends the encoding of all records to `out`. Throws `error` (invalid_argument) where a column
/// does not fit 4 GiB.
template <class T>
void append_records(bytes& out, std::span<const T> records) {
  static_assert(has_record_encoding_v<T>,
                "this record type has no encoding: add MSGPACK_DEFINE(members...)");
  if constexpr (column_format<T>::exists) {
    begin_envelope(out, column_format<T>::kind(), records.size(), column_format<T>::columns);
    column_format<T>::write(out, records, [](const T& x) -> const T& { return x; });
  } else {
    begin_envelope(out, "m", records.size(), 1);
    const auto begin = begin_column(out);
    for (const auto& x : records) {
      if constexpr (is_encodable_v<T>)
        encode(out, x);
      else
        encode(out, to_owned(x));
    }
    end_column(out, begin);
  }
}

template <class T>
bytes encode_records(std::span<const T> records) {
  bytes out;
  append_records(out, records);
  return out;
}

/// Calls `begin(n)`, then `push(decoded_t<T>)` for each record in turn; n is no more than the
/// number of records, and memory for so many may be taken. Flat columns are checked before the
/// first call; other records as they come, so that an error may follow calls. The error is
/// `damaged_data`; what `push` throws is passed on.
template <class T, class Begin, class Push>
status decode_records_into(std::string_view in, Begin&& begin, Push&& push) {
  static_assert(has_record_encoding_v<T>,
                "this record type has no encoding: add MSGPACK_DEFINE(members...)");
  if constexpr (column_format<T>::exists) {
    using format = column_format<T>;
    const auto opened = open_envelope(in, format::kind(), format::columns);
    if (!opened)
      return tl::unexpected<error>{opened.error()};
    typename format::reader reader;
    const auto* column = opened->columns.data();
    if (!reader.open(column, opened->count))
      return fail_damaged("a column does not fit the number of records");
    begin(static_cast<std::size_t>(opened->count));
    for (std::uint64_t i = 0; i < opened->count; ++i)
      push(reader.next());
  } else {
    const auto opened = open_envelope(in, "m", 1);
    if (!opened)
      return tl::unexpected<error>{opened.error()};
    if (opened->count > opened->columns[0].size())
      return fail_damaged("a column does not fit the number of records");
    begin(format_detail::worth_reserving<owned_t<T>>(opened->count));
    unpacker values{opened->columns[0]};
    for (std::uint64_t i = 0; i < opened->count; ++i) {
      auto record = decode_next<owned_t<T>>(values);
      if (!record)
        return tl::unexpected<error>{std::move(record.error())};
      push(std::move(*record));
    }
    if (!values.at_end())
      return fail_damaged("a column does not fit the number of records");
  }
  return {};
}

template <class T, class Push>
status decode_records_into(std::string_view in, Push&& push) {
  return decode_records_into<T>(
    in, [](std::size_t) {}, std::forward<Push>(push));
}

/// The records as values that own all they refer to.
template <class T>
result<std::vector<owned_t<T>>> decode_records(std::string_view in) {
  std::vector<owned_t<T>> records;
  auto done = decode_records_into<T>(
    in, [&records](std::size_t n) { records.reserve(n); },
    [&records](auto&& x) { records.push_back(to_owned(std::forward<decltype(x)>(x))); });
  if (!done)
    return tl::unexpected<error>{std::move(done.error())};
  return records;
}

/// The records as views into `in`, which must stay as it is while they are used.
template <class T>
result<std::vector<decoded_t<T>>> decode_views(std::string_view in) {
  std::vector<decoded_t<T>> records;
  auto done = decode_records_into<T>(
    in, [&records](std::size_t n) { records.reserve(n); },
    [&records](auto&& x) { records.push_back(std::forward<decltype(x)>(x)); });
  if (!done)
    return tl::unexpected<error>{std::move(done.error())};
  return records;
}

/// Text as its bytes, one record after the other without anything between, and for each the place
/// where it ends.
struct text_columns {
  std::string_view bytes;
  std::vector<std::uint32_t> ends;

  std::size_t size() const noexcept { return ends.size(); }
  std::string_view operator[](std::size_t i) const noexcept {
    const auto begin = i == 0 ? 0 : ends[i - 1];
    return bytes.substr(begin, ends[i] - begin);
  }
};

/// Writes text as `encode_records<std::string_view>` would; either is read by both
/// `decode_text` and `decode_records`. `ends` must not decrease and the last one, where there is
/// one, must be the size of `text`.
bytes encode_text(std::string_view text, std::span<const std::uint32_t> ends);

/// Reads string records; the bytes stay in `in`.
result<text_columns> decode_text(std::string_view in);

} // namespace caf_stream::codec
