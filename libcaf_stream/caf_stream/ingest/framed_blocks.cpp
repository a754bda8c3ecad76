#include "caf_stream/ingest/framed_blocks.hpp"

#include <boost/endian/conversion.hpp>

namespace caf_stream::ingest {

std::optional<std::uint32_t> frame_length(std::string_view bytes) noexcept {
  if (bytes.size() < frame_header_bytes)
    return std::nullopt;
  return boost::endian::load_big_u32(reinterpret_cast<const unsigned char*>(bytes.data()));
}

} // namespace caf_stream::ingest
