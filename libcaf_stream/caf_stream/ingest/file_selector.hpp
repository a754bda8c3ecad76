#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "caf_stream/base/mapped_file.hpp"

// Which files of a directory belong to which batch. A file belongs to the first batch that is not
// before its time of modification, if that is not longer ago than a window; then it is read once.
//
//      too old |        window         | t        later
//   -----------+-----------------------+------------------> modified
//     skipped           selected             waits
//
// Pure: finding files and looking at them is up to others.

namespace caf_stream::ingest {

/// A regular file.
struct found_file {
  std::string path;
  file_stamp stamp;
  bool at_start = false; ///< it was there when the stream first looked
};

/// Finds files. One thread.
class file_finder {
public:
  virtual ~file_finder();

  /// Regular files that are new or have changed since the last call; all at the first. What cannot
  /// be looked at is logged and looked at again.
  virtual std::vector<found_file> look() = 0;
};

using file_filter = std::function<bool(const std::filesystem::path&)>;

/// The filter where the program gives none: names that begin with a dot are left out.
bool is_visible(const std::filesystem::path& file);

struct file_selection {
  std::vector<found_file> files; ///< by time of modification, then by path

  struct skipped_file {
    std::string path;
    std::string why;
  };
  std::vector<skipped_file> skipped;
};

class file_selector {
public:
  /// Only files modified after `threshold` are read. Those of the start that are older are left out
  /// without a word. `window` > 0. Times of modification may be `clock_step` behind `threshold`'s
  /// clock: that is allowed for in files that came after the start.
  file_selector(batch_time threshold, duration window, file_filter filter,
                duration clock_step = duration{0});

  /// The files of the batch at `t`, given what was found since the last call. Times ascend.
  file_selection select(batch_time t, std::vector<found_file> found);

private:
  struct selected_file {
    file_stamp stamp;
    batch_time batch;
    bool told = false; // that it has changed
  };

  batch_time threshold_;
  duration window_;
  file_filter filter_;
  duration clock_step_;
  std::map<std::string, found_file> waiting_;     // modified after the last batch
  std::map<std::string, selected_file> selected_; // within the window
};

} // namespace caf_stream::ingest
