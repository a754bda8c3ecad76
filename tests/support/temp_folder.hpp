#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace caf_stream::test {

/// A fresh folder that lives as long as this object.
class temp_folder {
public:
  temp_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "caf_stream_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot make a folder like " + pattern};
    path_ = pattern;
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const noexcept { return path_; }

  /// The path of `name` in it.
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
  std::string path_;
};

} // namespace caf_stream::test
