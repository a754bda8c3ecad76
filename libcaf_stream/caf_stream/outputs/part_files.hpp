#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/file.hpp"
#include "caf_stream/base/ids.hpp"

// A saved data set is a folder with one file a partition and, last, an empty `_SUCCESS`:
//
//   DIR/part-00000  DIR/part-00001  ...  DIR/_SUCCESS
//
// Each attempt of a task writes aside and syncs, the driver renames the parts of the attempts that
// counted, so a part is there whole or not at all, and exactly once:
//
//   DIR/_temporary/part-00001.attempt-JOB-N  --rename-->  DIR/part-00001
//
// A rerun replaces what an earlier run left in the folder.

namespace caf_stream::outputs {

/// Throws errc::invalid_argument for a path that is empty, holds a NUL, or has a component `..`.
void check_output_path(std::string_view path);

/// Makes the folder ready: removes what an unfinished run left aside.
status begin_parts(file_system& files, const std::string& folder);

/// Writes one partition. Used by one thread.
class part_writer {
public:
  part_writer(file_system& files, const std::string& folder, const task_id& attempt);

  /// What is to be written next: append to it, and call end_record() now and then, which writes it
  /// once there is much.
  std::string& buffer() noexcept { return buffer_; }
  status end_record();

  /// Syncs and closes; an error also where an earlier call gave one. The name of the file, relative
  /// to the folder, for `commit_parts`.
  result<std::string> finish();

private:
  status flush();

  file_system& files_;
  std::string folder_;
  std::string name_;
  std::string buffer_;
  std::unique_ptr<file_writer> file_; // opened with the first flush
  status so_far_;                     // a failure stays
};

/// Puts the parts in place, `written[i]` as part i, and then `_SUCCESS`. May be repeated after a
/// failure with everything written anew.
status commit_parts(file_system& files, const std::string& folder,
                    const std::vector<std::string>& written);

/// Paths of the parts of a saved data set, in order. An error where the folder is not complete.
result<std::vector<std::string>> list_parts(file_system& files, const std::string& folder);

} // namespace caf_stream::outputs
