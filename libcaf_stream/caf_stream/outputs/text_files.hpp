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
status begin_text_files(file_system& files, const std::string& folder);

/// Writes one partition, a record a line. Used by one thread.
class text_part_writer {
public:
  text_part_writer(file_system& files, const std::string& folder, const task_id& attempt);

  /// The line to append to, without its end; call end_line() after it.
  std::string& line() noexcept { return buffer_; }
  status end_line();

  /// Syncs and closes. The name of the file, relative to the folder, for `commit_text_files`.
  result<std::string> finish();

private:
  status flush();

  file_system& files_;
  std::string folder_;
  std::string name_;
  std::string buffer_;
  std::unique_ptr<file_writer> file_; // opened with the first flush
};

/// Puts the parts in place, `written[i]` as part i, and then `_SUCCESS`. May be repeated after a
/// failure with everything written anew.
status commit_text_files(file_system& files, const std::string& folder,
                         const std::vector<std::string>& written);

} // namespace caf_stream::outputs
