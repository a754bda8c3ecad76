#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "caf_stream/base/file.hpp"
#include "caf_stream/data/payload.hpp"

// Where a context keeps its spilled blocks: a folder of its own below `spill-dir`.
//
//   spill-dir/caf_stream-spill-PID-XXXXXX/lock       locked (flock) as long as the process lives
//                                         1.spill    one file a block; see spill_file.hpp
//
// A process that is killed leaves its folder behind, and nobody holds the lock then: whoever starts
// next removes it. What is spilled lives no longer than the process, so nothing is synced.

namespace caf_stream::blocks {

/// A payload that was written to disk.
struct spilled_payload {
  data::payload payload;
  std::uint64_t file_bytes = 0;
};

/// Made with std::make_shared, since every spilled payload keeps it. Thread-safe. What touches
/// files may block.
class spill_folder : public std::enable_shared_from_this<spill_folder> {
public:
  /// Touches nothing yet. `below` empty: the system's folder for temporary files. `files` must
  /// outlive the folder and all that was spilled to it.
  explicit spill_folder(std::string below, file_system& files = posix_files());

  /// As `close`.
  ~spill_folder();

  spill_folder(const spill_folder&) = delete;
  spill_folder& operator=(const spill_folder&) = delete;

  /// Removes the folders of processes that are gone, and returns how many there were.
  std::size_t remove_left_over();

  /// Writes the encoding of `x` to a file, which is there as long as the payload that comes back or
  /// a copy of it; makes the folder first where there is none. `what` names it in errors.
  /// errc::io_error where it cannot be written, errc::not_encodable where it cannot be encoded.
  result<spilled_payload> store(const data::payload& x, std::string what);

  /// Removes the files whose payloads are gone.
  void remove_released();

  /// Removes the folder and all that is in it. From then on nothing is stored, and what was
  /// spilled cannot be read.
  void close();

  /// Where the folder is; empty as long as it is not made.
  std::string path() const;

private:
  class file;

  result<std::shared_ptr<const mapped_file>> map_aside(std::string_view bytes);
  result<std::shared_ptr<const mapped_file>> write_and_map(const std::string& path,
                                                           std::string_view bytes);
  result<std::string> next_path(const std::string& ending);
  status make();
  status lock(const std::string& path);
  void release(std::string path);

  const std::string below_;
  file_system& files_;
  std::mutex busy_; // while files are written or removed; taken before mutex_
  mutable std::mutex mutex_;
  std::string path_;
  int lock_ = -1;
  bool closed_ = false;
  std::uint64_t next_ = 1;
  std::vector<std::string> released_;
};

} // namespace caf_stream::blocks
