#include "caf_stream/codec/columns.hpp"

#include "caf_stream/codec/append_text.hpp"

#include <cassert>

namespace caf_stream::codec {

namespace {

using text_format = column_format<std::string_view>;

} // namespace

bytes encode_text(std::string_view text, std::span<const std::uint32_t> ends) {
  bytes out;
  append_text(out, text, ends);
  return out;
}

void append_text(bytes& out, std::string_view text, std::span<const std::uint32_t> ends) {
  assert(ends.empty() ? text.empty() : ends.back() == text.size());
  out.reserve(out.size() + 64 + ends.size_bytes() + text.size());
  begin_envelope(out, text_format::kind(), ends.size(), text_format::columns);
  auto* at = append_column(out, ends.size_bytes());
  std::uint32_t begin = 0;
  for (const auto end : ends) {
    assert(begin <= end);
    store_raw(at, end - begin);
    at += sizeof(std::uint32_t);
    begin = end;
  }
  const auto body = begin_column(out);
  append_bytes(out, text);
  end_column(out, body);
}

result<text_columns> decode_text(std::string_view in) {
  const auto opened = open_envelope(in, text_format::kind(), text_format::columns);
  if (!opened)
    return tl::unexpected<error>{opened.error()};
  const auto lengths = opened->columns[0];
  text_columns text{opened->columns[1], {}};
  if (!lengths_fit(lengths, opened->count, text.bytes.size()))
    return fail_damaged("the lengths of strings do not fit their bytes");
  text.ends.resize(opened->count);
  std::uint32_t end = 0;
  for (std::size_t i = 0; i < text.ends.size(); ++i) {
    end += load_raw<std::uint32_t>(lengths.data() + i * sizeof(std::uint32_t));
    text.ends[i] = end;
  }
  return text;
}

} // namespace caf_stream::codec
