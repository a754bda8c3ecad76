#include "caf_stream/codec/envelope.hpp"

#include <exception>
#include <limits>
#include <new>
#include <string>

#include "caf_stream/codec/encoding.hpp"

namespace caf_stream::codec {

namespace {

constexpr char bin32 = static_cast<char>(0xc6);
constexpr std::size_t size_bytes = 4;
constexpr std::size_t fixed_elements = 3;

void put_column_size(bytes& out, std::size_t begin, std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw error{errc::invalid_argument, "cannot encode these records: a column of " +
                                          std::to_string(size) +
                                          " bytes is longer than 4 GiB; encode fewer at once"};
  for (std::size_t i = 0; i < size_bytes; ++i)
    out[begin - size_bytes + i] = static_cast<char>(size >> (8 * (size_bytes - 1 - i)));
}

std::string_view as_bin(const msgpack::object& x) {
  if (x.type != msgpack::type::BIN)
    throw msgpack::type_error();
  return {x.via.bin.ptr, x.via.bin.size};
}

} // namespace

void begin_envelope(bytes& out, std::string_view kind, std::uint64_t count, std::size_t columns) {
  byte_sink sink{out};
  packer values{sink};
  values.pack_array(static_cast<std::uint32_t>(fixed_elements + columns));
  values.pack(envelope::format_version);
  value_format<std::string_view>::pack(values, kind);
  values.pack(count);
}

char* append_column(bytes& out, std::size_t size) {
  const auto begin = begin_column(out);
  put_column_size(out, begin, size);
  out.resize(begin + size);
  return out.data() + begin;
}

std::size_t begin_column(bytes& out) {
  const auto header = out.size();
  out.resize(header + 1 + size_bytes);
  out[header] = bin32;
  return out.size();
}

void end_column(bytes& out, std::size_t begin) { put_column_size(out, begin, out.size() - begin); }

result<envelope> open_envelope(std::string_view in, std::string_view kind, std::size_t columns) {
  try {
    unpacker values{in};
    const auto all = values.next();
    if (!values.at_end())
      return fail_damaged("there are bytes after the records");
    const auto& elements = format_detail::array_of(all);
    if (elements.size < fixed_elements)
      return fail_damaged("not an envelope of records");
    const auto version = elements.ptr[0].as<std::uint64_t>();
    if (version != envelope::format_version)
      return fail_damaged("records in format version " + std::to_string(version) +
                          ", this program reads " + std::to_string(envelope::format_version));
    const auto found_kind = elements.ptr[1].as<std::string_view>();
    if (found_kind != kind)
      return fail_damaged("records of kind " + std::string{found_kind.substr(0, 100)} + " where " +
                          std::string{kind} + " are expected");
    if (elements.size != fixed_elements + columns)
      return fail_damaged("records with a wrong number of columns");
    envelope opened;
    opened.count = elements.ptr[2].as<std::uint64_t>();
    opened.columns.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i)
      opened.columns.push_back(as_bin(elements.ptr[fixed_elements + i]));
    return opened;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& cause) {
    return fail_damaged(cause);
  }
}

bool lengths_fit(std::string_view lengths, std::uint64_t count, std::size_t total) noexcept {
  if (lengths.size() % sizeof(std::uint32_t) != 0 ||
      lengths.size() / sizeof(std::uint32_t) != count)
    return false;
  std::uint64_t sum = 0; // cannot overflow: fewer than 2^32 numbers below 2^32
  for (std::size_t i = 0; i < lengths.size(); i += sizeof(std::uint32_t))
    sum += load_raw<std::uint32_t>(lengths.data() + i);
  return sum == total;
}

} // namespace caf_stream::codec
