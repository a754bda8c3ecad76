#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <typeinfo>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/mapped_file.hpp"
#include "caf_stream/codec/bytes.hpp"

// Records on their way between actors, with the type erased: the content of a block, a piece of a
// shuffle, the result of a task. In one process a payload shares a pointer to the value; between
// processes it carries the value's encoding, and whoever knows the type decodes it on first use. An
// encoding that was written to disk is read again by each who wants the value.
//
//   live      [ pointer to const T | how to encode a T ]
//   encoded   [ bytes ]                                    --get<T>()--> const T
//   stored    [ where the bytes are ]      --load()--> encoded --get<T>()--> const T

namespace caf_stream::data {

/// How a type is encoded inside a payload. Specialized beside each type that payloads hold:
///   static constexpr bool encodable;
///   static void encode(const T&, codec::bytes&);
///   static result<T> decode(std::string_view);
///   static result<T> decode_shared(std::shared_ptr<const codec::bytes>);   where a T can share
///   them
template <class T>
struct payload_traits;

/// An encoding that is not in memory. Immutable; may be read from any thread.
class stored_encoding {
public:
  virtual ~stored_encoding();

  /// Reads all of it, which may block. errc::io_error or errc::damaged_data, with what was stored
  /// and where, when that cannot be had any more.
  virtual result<codec::bytes> read() const = 0;

  /// Puts bytes of it into a file that lies in memory only as far as somebody looks at it.
  virtual result<std::shared_ptr<const mapped_file>> put_aside(std::string_view bytes) const = 0;
};

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

  /// Stands for a value whose encoding lies elsewhere.
  static payload from_stored(std::shared_ptr<const stored_encoding> where, std::uint64_t records,
                             std::uint64_t bytes);

  explicit operator bool() const noexcept { return value_ != nullptr; }

  /// True for an encoding, in memory.
  bool is_encoded() const noexcept { return form_ == form::encoded; }

  /// True where reading the value means to read it from elsewhere, which may block.
  bool is_stored() const noexcept { return form_ == form::stored; }

  /// Where a stored value is; null for any other.
  const stored_encoding* stored_in() const noexcept {
    return is_stored() ? static_cast<const stored_encoding*>(value_.get()) : nullptr;
  }

  /// True while others share the value. Exact where nobody else can hand it on.
  bool is_shared() const noexcept { return value_.use_count() > 1; }

  std::uint64_t records() const noexcept { return records_; }

  /// Memory that the value takes, about; of one that is stored, that it took.
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// True where the value can be turned into bytes, or already is bytes.
  bool is_encodable() const noexcept;

  /// The bytes of the value. Requires is_encodable(), and that it is not stored.
  codec::bytes encode() const;

  /// The same, shared where the value is an encoding already.
  std::shared_ptr<const codec::bytes> share_encoding() const;

  /// The payload in memory: a stored one is read, any other comes back as it is.
  result<payload> load() const;

  /// The value. Decodes one that came as bytes: errc::damaged_data when they are not a T. Reads one
  /// that is stored, each time.
  template <class T>
  result<std::shared_ptr<const T>> get() const {
    if (form_ == form::live)
      return std::static_pointer_cast<const T>(value_);
    if (form_ == form::stored) {
      auto loaded = load();
      if (!loaded)
        return tl::unexpected<error>{loaded.error()};
      return loaded->template get<T>();
    }
    if constexpr (payload_traits<T>::encodable) {
      auto decoded = decode<T>(std::static_pointer_cast<const codec::bytes>(value_));
      if (!decoded)
        return tl::unexpected<error>{decoded.error()};
      return std::make_shared<const T>(*std::move(decoded));
    } else {
      return fail(errc::not_encodable, "records of a type without an encoding arrived as bytes");
    }
  }

private:
  enum class form : std::uint8_t { live, encoded, stored };

  template <class T>
  static result<T> decode(std::shared_ptr<const codec::bytes> encoding) {
    if constexpr (requires { payload_traits<T>::decode_shared(encoding); })
      return payload_traits<T>::decode_shared(std::move(encoding));
    else
      return payload_traits<T>::decode(codec::as_view(*encoding));
  }

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

  std::shared_ptr<const void> value_; // a T, codec::bytes, or a stored_encoding
  const operations* ops_ = nullptr;   // of a T
  form form_ = form::live;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

} // namespace caf_stream::data
