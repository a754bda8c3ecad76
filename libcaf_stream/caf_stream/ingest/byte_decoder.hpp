#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "caf_stream/ingest/receiver_port.hpp"

// How the bytes of a connection become records of a stream, with the type of the records erased.

namespace caf_stream::ingest {

/// For one receiver, on one thread.
class byte_decoder {
public:
  virtual ~byte_decoder();

  /// Stores the records that are whole in `bytes`, which begin where the last call stopped, or with
  /// a new connection. Returns how many bytes they took; it is called again with the rest and what
  /// has come meanwhile, or at once where it took some. 0: the next record is not whole yet.
  ///
  /// Waits for room and for the rate. errc::stopped: the receiver is to end. Any other error: the
  /// bytes cannot be read, nor what follows them.
  virtual result<std::size_t> take(std::string_view bytes) = 0;
};

/// What a stream's records look like as bytes. Thread-safe.
class byte_format {
public:
  virtual ~byte_format();

  virtual std::unique_ptr<block_builder> make_builder(const builder_options& options) const = 0;

  /// The builder of `port` is one that this format has made.
  virtual std::unique_ptr<byte_decoder> make_decoder(receiver_port& port) const = 0;
};

} // namespace caf_stream::ingest
