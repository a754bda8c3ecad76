#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "caf_stream/codec/bytes.hpp"

namespace caf_stream::codec {

/// As `encode_text` (columns.hpp), at the end of `out`: a block of text is as large as a buffer for
/// it, so there should be no second one.
void append_text(bytes& out, std::string_view text, std::span<const std::uint32_t> ends);

} // namespace caf_stream::codec
