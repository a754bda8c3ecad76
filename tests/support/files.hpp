#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>

#include "caf_stream/base/time.hpp"

namespace caf_stream::test {

inline void write_file(const std::string& path, std::string_view content) {
  std::ofstream file{path, std::ios::binary};
  file << content;
  if (!file.flush())
    throw std::runtime_error{"cannot write " + path};
}

/// Says that the file was last modified at `t`.
inline void set_modified(const std::string& path, batch_time t) {
  timespec times[2];
  times[0].tv_sec = times[1].tv_sec = to_millis(t) / 1000;
  times[0].tv_nsec = times[1].tv_nsec = to_millis(t) % 1000 * 1'000'000;
  if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0)
    throw std::runtime_error{"cannot set the time of " + path};
}

} // namespace caf_stream::test
