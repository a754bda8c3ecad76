#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "caf_stream/base/file.hpp"
#include "caf_stream/codec/bytes.hpp"

// One encoding in a file, compressed and with a checksum; README.md of this folder has its bytes.
// Such a file is read by the process that wrote it and is gone with it, so nothing is synced.

namespace caf_stream::blocks {

/// Writes a new file and returns its size. Where that fails no file is left behind, as far as the
/// file system lets us.
result<std::uint64_t> write_spill_file(file_system& files, const std::string& path,
                                       std::string_view encoding);

/// What was written. errc::io_error where the file cannot be read, errc::damaged_data where it is
/// not as it was written.
result<codec::bytes> read_spill_file(file_system& files, const std::string& path);

} // namespace caf_stream::blocks
