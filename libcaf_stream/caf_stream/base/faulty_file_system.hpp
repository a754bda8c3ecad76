#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/base/file.hpp"

// A file system for tests: it passes everything on to another one, fails where it is told to, and
// remembers what was not yet synced, so that `drop_unsynced` leaves the files as a crash of the
// machine may leave them:
//
//   content appended since the last `sync`                          cut off
//   files created, renamed, removed since `sync_directory`          undone, last one first
//   content that a rename or a removal took away                    back, as far as it was synced
//
// Made folders and `remove_all` count as durable at once.

namespace caf_stream {

/// What goes wrong. The default is nothing.
struct file_faults {
  /// Bytes that may still be written, in all files together; then there is no space.
  std::optional<std::uint64_t> space = std::nullopt;
  /// The longest write that is taken at once; 0: no limit.
  std::size_t longest_write = 0;
  /// Every n-th write is interrupted before it takes a byte; 0: none, 1 would never end.
  std::uint64_t interrupt_every = 0;
  /// Every sync, of files and folders, fails.
  bool sync_fails = false;
  /// The n-th rename from now fails; 0: none.
  std::uint64_t fail_rename_at = 0;
  /// How long each write and each sync takes longer.
  std::chrono::microseconds delay{0};
};

class faulty_file_system final : public file_system {
public:
  /// `inner` must outlive this object and the writers it opens.
  explicit faulty_file_system(file_system& inner = posix_files());
  ~faulty_file_system() override;

  void set_faults(file_faults faults);
  file_faults faults() const;

  std::uint64_t writes() const;  ///< attempts to write so far
  std::uint64_t syncs() const;   ///< attempts to sync so far, of files and folders
  std::uint64_t renames() const; ///< attempts to rename so far

  /// The crash. Writers that are open belong to the process that is gone: they fail from now on.
  status drop_unsynced();

  result<std::unique_ptr<file_writer>> open(const std::string& path, open_mode mode) override;
  status rename(const std::string& from, const std::string& to) override;
  status remove(const std::string& path) override;
  status remove_all(const std::string& path) override;
  status create_directories(const std::string& path) override;
  result<bool> exists(const std::string& path) override;
  result<std::uint64_t> size(const std::string& path) override;
  result<std::string> read_all(const std::string& path) override;
  result<std::vector<std::string>> list(const std::string& directory) override;
  status truncate(const std::string& path, std::uint64_t size) override;
  status sync_directory(const std::string& directory) override;

private:
  class writer;
  friend class writer;

  // How long a file is and how much of it survives. Shared with the writers open on it.
  struct tracked_file {
    std::uint64_t length = 0;
    std::uint64_t synced = 0;
  };

  // A change of names that `sync_directory` has not yet made durable.
  struct name_change {
    enum kind_t { created, renamed, removed } kind;
    std::string path;                // created, renamed to, removed
    std::string from;                // renamed: its name before
    std::optional<std::string> lost; // renamed, removed: what was at `path` before, as synced
  };

  result<std::size_t> write(writer& to, std::string_view bytes);
  status sync(writer& file);
  std::optional<std::string> durable_content(const std::string& path);
  std::string present_path(std::size_t change) const;
  status undo(const name_change& change);

  file_system& inner_;
  mutable std::mutex mutex_;
  file_faults faults_;
  std::uint64_t writes_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t renames_ = 0;
  std::uint64_t life_ = 0; // grows with each crash
  std::map<std::string, std::shared_ptr<tracked_file>> tracked_;
  std::vector<name_change> changes_; // oldest first
};

} // namespace caf_stream
