#include "caf_stream/base/file.hpp"

#include <filesystem>

namespace caf_stream {

file_writer::~file_writer() = default;

file_system::~file_system() = default;

status file_writer::append(std::string_view bytes) {
  while (!bytes.empty()) {
    auto taken = write_some(bytes);
    if (!taken)
      return tl::unexpected<error>{taken.error()};
    bytes.remove_prefix(*taken);
  }
  return {};
}

std::string parent_directory(const std::string& path) {
  auto parent = std::filesystem::path{path}.parent_path().string();
  return parent.empty() ? "." : parent;
}

status replace_file(file_system& files, const std::string& path, std::string_view content) {
  auto aside = path + ".tmp";
  auto file = files.open(aside, open_mode::create);
  if (!file)
    return tl::unexpected<error>{file.error()};
  return (*file)
    ->append(content)
    .and_then([&] { return (*file)->sync(); })
    .and_then([&] { return (*file)->close(); })
    .and_then([&] { return files.rename(aside, path); })
    .and_then([&] { return files.sync_directory(parent_directory(path)); });
}

} // namespace caf_stream
