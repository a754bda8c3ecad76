#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caf_stream/base/file.hpp"

namespace caf_stream {

namespace {

// A descriptor that closes itself.
class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }

  int get() const noexcept { return fd_; }

  // After any answer of close, EINTR too, the number is free for others: never try again.
  bool close() {
    auto fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

private:
  int fd_;
};

int open_retrying(const std::string& path, int flags) {
  int fd;
  do
    fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  while (fd < 0 && errno == EINTR);
  return fd;
}

int sync_retrying(int fd) {
  int rc;
  do
    rc = ::fsync(fd);
  while (rc != 0 && errno == EINTR);
  return rc;
}

// `path` as the system would read it if it stopped at a NUL is another file.
bool has_nul(const std::string& path) { return path.find('\0') != std::string::npos; }

class posix_writer final : public file_writer {
public:
  posix_writer(std::string path, int fd) : path_(std::move(path)), file_(fd) {}

  result<std::size_t> write_some(std::string_view bytes) override {
    auto n = ::write(file_.get(), bytes.data(), bytes.size());
    if (n >= 0)
      return static_cast<std::size_t>(n);
    if (errno == EINTR)
      return std::size_t{0};
    return fail_errno("cannot write to " + path_, errno);
  }

  status sync() override {
    if (sync_retrying(file_.get()) != 0)
      return fail_errno("cannot sync " + path_, errno);
    return {};
  }

  status close() override {
    if (!file_.close() && errno != EINTR)
      return fail_errno("cannot close " + path_, errno);
    return {};
  }

private:
  std::string path_;
  descriptor file_;
};

class posix_file_system final : public file_system {
public:
  result<std::unique_ptr<file_writer>> open(const std::string& path, open_mode mode) override {
    if (has_nul(path))
      return fail_errno("cannot open a file whose name has a NUL", EINVAL);
    auto flags = O_WRONLY | O_CREAT | (mode == open_mode::create ? O_TRUNC : 0) | O_APPEND;
    auto fd = open_retrying(path, flags);
    if (fd < 0)
      return fail_errno("cannot open " + path + " for writing", errno);
    return std::make_unique<posix_writer>(path, fd);
  }

  status rename(const std::string& from, const std::string& to) override {
    if (has_nul(from) || has_nul(to))
      return fail_errno("cannot rename a file to or from a name with a NUL", EINVAL);
    if (::rename(from.c_str(), to.c_str()) != 0)
      return fail_errno("cannot rename " + from + " to " + to, errno);
    return {};
  }

  status remove(const std::string& path) override {
    std::error_code code;
    std::filesystem::remove(path, code);
    return checked(code, "cannot remove " + path);
  }

  status remove_all(const std::string& path) override {
    std::error_code code;
    std::filesystem::remove_all(path, code);
    return checked(code, "cannot remove " + path + " and what is in it");
  }

  status create_directories(const std::string& path) override {
    std::error_code code;
    std::filesystem::create_directories(path, code);
    return checked(code, "cannot create the folder " + path);
  }

  result<bool> exists(const std::string& path) override {
    std::error_code code;
    auto kind = std::filesystem::status(path, code).type();
    if (kind == std::filesystem::file_type::not_found)
      return false;
    if (code)
      return fail_errno("cannot look for " + path, code.value());
    return true;
  }

  result<std::uint64_t> size(const std::string& path) override {
    std::error_code code;
    auto n = std::filesystem::file_size(path, code);
    if (code)
      return fail_errno("cannot read the size of " + path, code.value());
    return static_cast<std::uint64_t>(n);
  }

  result<std::string> read_all(const std::string& path) override {
    descriptor file{open_retrying(path, O_RDONLY)};
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
      return fail_errno("cannot open " + path + " for reading", errno);
    // One byte more than expected, so that the end is seen without growing first.
    std::string content(static_cast<std::size_t>(std::max<off_t>(info.st_size, 0)) + 1, '\0');
    std::size_t length = 0;
    for (;;) {
      if (length == content.size())
        content.resize(content.size() * 2);
      auto n = ::read(file.get(), content.data() + length, content.size() - length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno("cannot read " + path, errno);
      if (n == 0)
        break;
      length += static_cast<std::size_t>(n);
    }
    content.resize(length);
    return content;
  }

  result<std::vector<std::string>> list(const std::string& directory) override {
    std::error_code code;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator i{directory, code}, end; !code && i != end;
         i.increment(code))
      names.push_back(i->path().filename().string());
    if (code)
      return fail_errno("cannot list the folder " + directory, code.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  status truncate(const std::string& path, std::uint64_t size) override {
    descriptor file{open_retrying(path, O_WRONLY)};
    if (file.get() < 0 || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0 ||
        sync_retrying(file.get()) != 0)
      return fail_errno("cannot cut " + path + " to " + std::to_string(size) + " bytes", errno);
    return {};
  }

  status sync_directory(const std::string& directory) override {
    descriptor folder{open_retrying(directory, O_RDONLY | O_DIRECTORY)};
    if (folder.get() < 0 || sync_retrying(folder.get()) != 0)
      return fail_errno("cannot sync the folder " + directory, errno);
    return {};
  }

private:
  static status checked(const std::error_code& code, const std::string& what) {
    if (code)
      return fail_errno(what, code.value());
    return {};
  }
};

} // namespace

file_system& posix_files() {
  static posix_file_system instance;
  return instance;
}

} // namespace caf_stream
