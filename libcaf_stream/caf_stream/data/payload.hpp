#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <typeinfo>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/bytes.hpp"

// Records on their way between actors, with the type erased: the content of a block, a piece of a
// shuffle, the result of a task. In one process a payload shares a pointer to the value; between
// processes it carries the value's encoding, and whoever knows the type decodes it on first use.
//
//   live      [ pointer to const T | how to encode a T ]
//   encoded   [ bytes ]                                    --get<T>()--> const T

namespace caf_stream::data {

/// How a type is encoded inside a payload. Specialized beside each type that payloads hold:
///   static constexpr bool encodable;
///   static void encode(const T&, codec::bytes&);
///   static result<T> decode(std::string_view);
template <class T>
struct payload_traits;

/// An immutable value, shared. Copies are cheap; may be read from any thread.
class payload {
public:
  payload() = default;

  /// Shares `value`. `records` and `bytes` say what it holds, for accounts and metrics.
  template <class T>
  static payload of(std::shared_ptr<const T> value, std::uint64_t records, std::uint64_t bytes) {
    payload result;
    result.value_ = std::move(value);
    result.ops_ = &ops_for<T>;
    result.records_ = records;
    result.bytes_ = bytes;
    return result;
  }

  template <class T>
  static payload make(T value, std::uint64_t records, std::uint64_t bytes) {
    return of(std::make_shared<const T>(std::move(value)), records, bytes);
  }

  /// Takes an encoding that came from elsewhere.
  static payload from_encoding(codec::bytes encoding, std::uint64_t records, std::uint64_t bytes);

  explicit operator bool() const noexcept { return value_ != nullptr; }

  std::uint64_t records() const noexcept { return records_; }

  /// Memory that the value takes, about.
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// True where the value can be turned into bytes, or already is bytes.
  bool is_encodable() const noexcept;

  /// The bytes of the value. Requires is_encodable().
  codec::bytes encode() const;

  /// The value. Decodes one that came as bytes: errc::damaged_data when they are not a T.
  template <class T>
  result<std::shared_ptr<const T>> get() const {
    if (ops_ != nullptr)
      return std::static_pointer_cast<const T>(value_);
    if constexpr (payload_traits<T>::encodable) {
      auto& encoding = *static_cast<const codec::bytes*>(value_.get());
      auto decoded = payload_traits<T>::decode({encoding.data(), encoding.size()});
      if (!decoded)
        return tl::unexpected<error>{decoded.error()};
      return std::make_shared<const T>(*std::move(decoded));
    } else {
      return fail(errc::not_encodable, "records of a type without an encoding arrived as bytes");
    }
  }

private:
  struct operations {
    void (*encode)(const void*, codec::bytes&); // null where the type has no encoding
  };

  template <class T>
  static void encode_as(const void* value, codec::bytes& out) {
    payload_traits<T>::encode(*static_cast<const T*>(value), out);
  }

  template <class T>
  static constexpr operations make_operations() {
    if constexpr (payload_traits<T>::encodable)
      return {&encode_as<T>};
    else
      return {nullptr};
  }

  template <class T>
  static constexpr operations ops_for = make_operations<T>();

  std::shared_ptr<const void> value_;
  const operations* ops_ = nullptr; // null: value_ is a codec::bytes
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

} // namespace caf_stream::data
