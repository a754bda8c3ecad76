#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace caf_stream::test {

/// The folder of the project's sources, from CAF_STREAM_SOURCE_DIR, which ctest sets. Throws
/// std::runtime_error when it does not say one.
inline std::filesystem::path source_folder() {
  const char* folder = std::getenv("CAF_STREAM_SOURCE_DIR");
  if (folder == nullptr)
    throw std::runtime_error{"CAF_STREAM_SOURCE_DIR must name the folder of the sources"};
  return folder;
}

} // namespace caf_stream::test
