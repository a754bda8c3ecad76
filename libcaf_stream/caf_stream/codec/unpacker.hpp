#pragma once

#include <cstddef>
#include <exception>
#include <string_view>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/msgpack_adaptors.hpp"

namespace caf_stream::codec {

/// Reads msgpack values one after the other from bytes that may come from anywhere. A value nested
/// deeper than `max_depth`, or one that declares more elements than there are bytes left, is
/// refused before memory is taken for it: what is taken is at most a small multiple of the input.
class unpacker {
public:
  static constexpr std::size_t max_depth = 100;

  /// `in` is not copied.
  explicit unpacker(std::string_view in);

  bool at_end() const noexcept { return offset_ == in_.size(); }

  /// The next value, good until the next call; its strings point into the input. Throws an
  /// exception of msgpack where the bytes hold none.
  msgpack::object next();

private:
  std::string_view in_;
  std::size_t offset_ = 0;
  msgpack::zone zone_;
};

/// The error for bytes that could not be read as what they should be.
tl::unexpected<error> fail_damaged(const std::exception& cause);
tl::unexpected<error> fail_damaged(std::string_view what);

} // namespace caf_stream::codec
