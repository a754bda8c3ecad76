#pragma once

#include <exception>
#include <new>
#include <string_view>
#include <type_traits>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/unpacker.hpp"
#include "caf_stream/codec/value_format.hpp"

// Single values to msgpack and back. Many records at once: columns.hpp.

namespace caf_stream::codec {

/// True for what can cross to another node, to disk and into logs and checkpoints: bool, numbers
/// (long double excepted), enums, strings, pairs, tuples, optionals, arrays, vectors, maps, sets,
/// durations and times of these, and classes with MSGPACK_DEFINE. False for pointers and all else.
template <class T>
inline constexpr bool is_encodable_v = value_format<std::remove_cv_t<T>>::exists;

/// Appends the encoding of `x` to `out`.
template <class T>
void encode(bytes& out, const T& x) {
  static_assert(is_encodable_v<T>, "this type has no encoding: add MSGPACK_DEFINE(members...)");
  byte_sink sink{out};
  packer values{sink};
  value_format<T>::pack(values, x);
}

/// Reads the next of several values. Views in it point into the unpacker's input. Anything that
/// does not hold a T, also whatever the type's own msgpack functions throw, is `damaged_data`.
template <class T>
result<T> decode_next(unpacker& in) {
  static_assert(is_encodable_v<T>, "this type has no encoding: add MSGPACK_DEFINE(members...)");
  try {
    return value_format<T>::unpack(in.next());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& cause) {
    return fail_damaged(cause);
  }
}

/// Reads one value that takes all of `in`. Views in it point into `in`.
template <class T>
result<T> decode(std::string_view in) {
  unpacker values{in};
  auto decoded = decode_next<T>(values);
  if (decoded && !values.at_end())
    return fail_damaged("there are bytes after the value");
  return decoded;
}

} // namespace caf_stream::codec
