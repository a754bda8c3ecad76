#pragma once

#include <memory>
#include <string>

#include "caf_stream/ingest/file_selector.hpp"

namespace caf_stream::receivers {

/// How a file_watch learns of files.
enum class watch_mode {
  notified, ///< by inotify; folders for which that is impossible are listed at each look
  listed,   ///< all folders are listed at each look
};

/// Finds the regular files, also behind symbolic links, directly in the folders that match
/// `pattern` (as in the shell, `*`, `?` and `[...]`). Folders may come and go. Where inotify is
/// used, a file that is being written is found when it is closed, and one that is moved or linked
/// in at once.
///
/// What cannot be listed is logged when it begins.
std::unique_ptr<ingest::file_finder> watch_files(std::string pattern,
                                                 watch_mode mode = watch_mode::notified);

} // namespace caf_stream::receivers
