#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/codec/encoding.hpp"
#include "caf_stream/ingest/byte_decoder.hpp"
#include "caf_stream/ingest/record_builder.hpp"

// Blocks that come ready-made: each frame holds the records of one.
//
//   [ length: 4 bytes, big-endian ][ length bytes: a msgpack array of records ]
//
// A frame that is longer than `max_record_bytes` is refused when its length is read, before memory
// is taken for it, and with it what follows. One whose content is no array of records is dropped,
// and counted as one lost record; what follows can be read.

namespace caf_stream::ingest {

/// The length in the first four bytes; nothing where they are not all there.
std::optional<std::uint32_t> frame_length(std::string_view bytes) noexcept;

inline constexpr std::size_t frame_header_bytes = 4;

template <class T>
class frame_decoder final : public byte_decoder {
public:
  explicit frame_decoder(receiver_port& port) : port_(port) {}

  result<std::size_t> take(std::string_view bytes) override {
    auto length = frame_length(bytes);
    if (!length)
      return 0;
    if (auto limit = port_.builder().max_record_bytes(); *length > limit)
      return fail(errc::damaged_data,
                  "a frame of " + std::to_string(*length) + " bytes was refused: the limit " +
                    "is receiver.max-record-bytes, " + std::to_string(limit) + " bytes");
    auto size = frame_header_bytes + *length;
    if (bytes.size() < size)
      return 0;
    auto records = codec::decode<std::vector<T>>(bytes.substr(frame_header_bytes, *length));
    if (!records) {
      port_.report_loss(1, "a frame of " + std::to_string(*length) +
                             " bytes is no array of records: " + records.error().what());
      return size;
    }
    if (auto count = records->size(); count != 0) {
      auto added = port_.builder().add_block(make_block<T>(*std::move(records)));
      if (!added) {
        port_.report_loss(static_cast<std::int64_t>(count), added.error().what());
        return tl::unexpected<error>{added.error()};
      }
    }
    return size;
  }

private:
  receiver_port& port_;
};

template <class T>
class frame_format final : public byte_format {
public:
  std::unique_ptr<block_builder> make_builder(const builder_options& options) const override {
    return std::make_unique<record_builder<T>>(options);
  }

  std::unique_ptr<byte_decoder> make_decoder(receiver_port& port) const override {
    return std::make_unique<frame_decoder<T>>(port);
  }
};

} // namespace caf_stream::ingest
