#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "caf_stream/base/error.hpp"

// Records in a file, as they are encoded. A file is cut into frames, so that it can be written and
// read a few records at a time; what is damaged is noticed, wherever it is, and so is an end that
// is missing:
//
//   8 bytes   "cafsobj" and the format version, 1
//   frames    4 bytes   n > 0, the size of the content
//             4 bytes   CRC-32C of the content
//             n bytes   records, as in codec/README.md
//   the end   8 bytes   0
//
// Numbers are little endian.

namespace caf_stream::outputs {

void append_object_head(std::string& out);

/// Throws errc::invalid_argument for a content that is empty or does not fit 32 bits.
void append_object_frame(std::string& out, std::string_view content);

void append_object_end(std::string& out);

/// Reads the frames of a file that is in memory.
class object_file_reader {
public:
  /// `file` must stay as it is while contents are used.
  explicit object_file_reader(std::string_view file) : file_(file) {}

  /// The content of the next frame, in `file`; nothing at the end. errc::damaged_data, with the
  /// place, where the bytes are not what was written.
  result<std::optional<std::string_view>> next();

private:
  tl::unexpected<error> damaged(std::string_view what) const;

  std::string_view file_;
  std::size_t at_ = 0;
};

} // namespace caf_stream::outputs
