#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/time.hpp"

namespace caf_stream {

/// What tells one content of a file from another.
struct file_stamp {
  std::uint64_t size = 0;
  batch_time modified{}; ///< rounded down to milliseconds
  friend auto operator<=>(const file_stamp&, const file_stamp&) = default;
};

/// The stamp of a regular file, through symbolic links; nothing where `path` is something else.
/// errc::io_error where it cannot be asked.
result<std::optional<file_stamp>> stamp_of(const std::string& path);

/// Whether a file is read at once or mapped into memory.
enum class file_access { copied, mapped };

/// A file's content in memory, for reading. A copy takes memory of this process. The pages of a
/// mapped file are read when they are touched, and whoever cuts one short while somebody reads ends
/// the process: files to be read are moved in, not written in place.
class mapped_file {
public:
  virtual ~mapped_file();

  std::string_view content() const noexcept { return content_; }

  /// The pages of a mapped file are not needed for now: they leave this process's memory, and are
  /// read again from the file, or from the system's memory of it, when they are touched.
  virtual void let_pages_go() const noexcept = 0;

protected:
  std::string_view content_;
};

/// Reads a regular file that is as `expected`. errc::io_error where it cannot be read or is gone,
/// errc::invalid_state where it has changed.
result<std::shared_ptr<const mapped_file>> map_file(const std::string& path,
                                                    const file_stamp& expected,
                                                    file_access access = file_access::mapped);

} // namespace caf_stream
