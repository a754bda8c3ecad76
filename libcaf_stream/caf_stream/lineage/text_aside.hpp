#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "caf_stream/base/mapped_file.hpp"
#include "caf_stream/data/record_list.hpp"

namespace caf_stream::lineage {

/// Text that was read back from disk and has to stay as long as a task runs, since the program may
/// have views of it. All of it may be more than memory can hold, so each text but the last one lies
/// in a mapped file, whose pages come back when somebody looks at them.
class text_aside {
public:
  /// A cursor over records of a stored payload. The text opened before leaves memory. Throws what
  /// keeps the payload from being read; a text that cannot be put aside stays in memory.
  std::unique_ptr<data::cursor<std::string_view>> open(const data::payload& stored,
                                                       std::size_t first, std::size_t last);

private:
  std::vector<std::shared_ptr<const mapped_file>> files_;
  std::vector<std::shared_ptr<const void>> in_memory_;
};

} // namespace caf_stream::lineage
