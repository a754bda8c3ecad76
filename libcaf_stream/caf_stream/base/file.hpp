#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/base/error.hpp"

// The port through which the library touches files. Logs, checkpoints, spilled blocks and outputs
// take a `file_system&`, so that tests can make the disk full, slow or forgetful (see
// faulty_file_system.hpp). Errors are one sentence with the path and the words for the errno.
//
// Durability takes two steps: `file_writer::sync` for the content, `sync_directory` for the name.

namespace caf_stream {

/// An open file that is written from its end on. One thread at a time. The destructor closes
/// without syncing and without a word: who needs to know calls `close`.
class file_writer {
public:
  virtual ~file_writer();

  /// Writes all of `bytes`, however many attempts that takes. After a failure any prefix of them
  /// may be in the file.
  status append(std::string_view bytes);

  /// Makes everything appended so far survive a crash of the machine. After a failure nothing is
  /// known about what was appended since the last success, and a later success says nothing about
  /// it either: give the file up and begin another.
  virtual status sync() = 0;

  /// Does not sync. Closing twice is allowed.
  virtual status close() = 0;

  /// One attempt to write: how many bytes were taken, 0 when the call was interrupted.
  virtual result<std::size_t> write_some(std::string_view bytes) = 0;
};

enum class open_mode {
  create, ///< a new file; one that exists is emptied
  append, ///< a file that exists is continued at its end; otherwise a new one
};

/// Files by path. All members may be called from any thread.
class file_system {
public:
  virtual ~file_system();

  virtual result<std::unique_ptr<file_writer>> open(const std::string& path, open_mode mode) = 0;

  /// Replaces `to` when it exists.
  virtual status rename(const std::string& from, const std::string& to) = 0;

  /// Removes a file or an empty folder. Success when there is none.
  virtual status remove(const std::string& path) = 0;

  /// Removes a file, or a folder with all that is in it. Success when there is none.
  virtual status remove_all(const std::string& path) = 0;

  /// Makes the folder and those above it that do not exist.
  virtual status create_directories(const std::string& path) = 0;

  virtual result<bool> exists(const std::string& path) = 0;

  virtual result<std::uint64_t> size(const std::string& path) = 0;

  virtual result<std::string> read_all(const std::string& path) = 0;

  /// Names, without the folder's, of what is in `directory`, sorted.
  virtual result<std::vector<std::string>> list(const std::string& directory) = 0;

  /// Cuts the file to its first `size` bytes and syncs it. No writer may be open on it.
  virtual status truncate(const std::string& path, std::uint64_t size) = 0;

  /// Makes names created, renamed or removed in `directory` survive a crash of the machine.
  virtual status sync_directory(const std::string& directory) = 0;
};

/// The files of this machine.
file_system& posix_files();

/// The folder `path` is in: `.` where it names none.
std::string parent_directory(const std::string& path);

/// Puts a file of exactly `content` at `path`, durably: whoever reads, also after a crash, sees
/// the old file or the new one. Written beside it as `path.tmp`, synced, renamed.
status replace_file(file_system& files, const std::string& path, std::string_view content);

} // namespace caf_stream
