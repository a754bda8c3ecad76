#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "caf_stream/ingest/file_selector.hpp"
#include "caf_stream/lineage/dataset.hpp"

// A data set of files, which tasks read where they run.

namespace caf_stream::lineage {

/// What a partition reads of a file: [begin, end).
struct file_part {
  ingest::found_file file;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

using file_parts = std::vector<file_part>;

/// Says that a file, or a record of it, is lost.
using report_lost_file = std::function<void(const std::string& why)>;

/// Opens the files of one data set. One that cannot be read has no records: that is reported, once,
/// and nothing else happens. Thread-safe.
class file_opener {
public:
  explicit file_opener(report_lost_file report) : report_(std::move(report)) {}

  /// Null where it cannot be read, or is not what was found. Files are copied as long as those of a
  /// task, `copied` bytes so far, are no more than 16 MiB, and mapped from then on: one that is cut
  /// short while it is copied is an error, where touching a page that is gone ends the process.
  std::shared_ptr<const mapped_file> open(const ingest::found_file& file,
                                          std::uint64_t& copied) const;

  /// Reports `why`, once for each `path`.
  void report(const std::string& path, const std::string& why) const;

private:
  report_lost_file report_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> told_;
};

using file_opener_ptr = std::shared_ptr<const file_opener>;
using open_file_parts = std::function<data::any_cursor(const file_parts&, const file_opener_ptr&)>;

/// How files may be cut: at multiples of `unit` bytes; 0: not at all.
struct file_cuts {
  std::uint64_t unit = 1;
};

/// Cuts files, in order, into at most `partitions` runs of about equal bytes, none of which is
/// empty, and none of a part smaller than a mebibyte where that can be avoided.
std::vector<file_parts> pack_files(const std::vector<ingest::found_file>& files,
                                   std::uint32_t partitions, file_cuts cuts);

dataset_ptr make_file_source(std::vector<file_parts> partitions, open_file_parts open,
                             report_lost_file report);

} // namespace caf_stream::lineage
