#include "caf_stream/base/mapped_file.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace caf_stream {

namespace {

namespace interprocess = boost::interprocess;

class file_copy final : public mapped_file {
public:
  file_copy() = default; // of an empty file

  // What there is of `size` bytes; sets errno and is shorter on an error.
  file_copy(int file, std::size_t size) : bytes_(std::make_unique_for_overwrite<char[]>(size)) {
    std::size_t at = 0;
    while (at < size) {
      auto n = ::pread(file, bytes_.get() + at, size - at, static_cast<off_t>(at));
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      at += static_cast<std::size_t>(n);
    }
    content_ = {bytes_.get(), at};
  }

  void let_pages_go() const noexcept override {} // the copy is all there is

private:
  std::unique_ptr<char[]> bytes_;
};

result<std::shared_ptr<const mapped_file>> copy_file(const std::string& path, std::size_t size) {
  auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail_errno("cannot read " + path, errno);
  errno = 0;
  auto copy = std::make_shared<const file_copy>(file, size);
  auto why = errno;
  ::close(file);
  if (copy->content().size() < size && why != 0)
    return fail_errno("cannot read " + path, why);
  return std::shared_ptr<const mapped_file>{std::move(copy)};
}

class mapping final : public mapped_file {
public:
  explicit mapping(const std::string& path)
    : file_(path.c_str(), interprocess::read_only), region_(file_, interprocess::read_only) {
    region_.advise(interprocess::mapped_region::advice_sequential);
    content_ = {static_cast<const char*>(region_.get_address()), region_.get_size()};
  }

  void let_pages_go() const noexcept override {
    // Boost asks posix_madvise, which glibc leaves without effect.
    if (!content_.empty())
      ::madvise(region_.get_address(), region_.get_size(), MADV_DONTNEED);
  }

private:
  interprocess::file_mapping file_;
  interprocess::mapped_region region_;
};

} // namespace

mapped_file::~mapped_file() = default;

result<std::optional<file_stamp>> stamp_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return fail_errno("cannot look at " + path, errno);
  if (!S_ISREG(found.st_mode))
    return std::nullopt;
  using namespace std::chrono;
  auto modified = floor<duration>(
    sys_time<nanoseconds>{seconds{found.st_mtim.tv_sec} + nanoseconds{found.st_mtim.tv_nsec}});
  return file_stamp{static_cast<std::uint64_t>(found.st_size), modified};
}

result<std::shared_ptr<const mapped_file>>
map_file(const std::string& path, const file_stamp& expected, file_access access) {
  auto has_changed = [&]() -> result<bool> {
    auto now = stamp_of(path);
    if (!now)
      return tl::unexpected<error>{now.error()};
    return !*now || **now != expected;
  };
  auto changed = has_changed();
  if (!changed)
    return tl::unexpected<error>{changed.error()};
  std::shared_ptr<const mapped_file> content;
  if (!*changed && expected.size == 0) {
    content = std::make_shared<file_copy>();
  } else if (!*changed && access == file_access::copied) {
    auto copy = copy_file(path, static_cast<std::size_t>(expected.size));
    // Not half of what was there before and half of what is there now.
    changed = has_changed();
    if (!copy)
      return copy;
    if (!changed)
      return tl::unexpected<error>{changed.error()};
    content = *std::move(copy);
  } else if (!*changed) {
    try {
      content = std::make_shared<mapping>(path);
    } catch (const interprocess::interprocess_exception& e) {
      return fail_errno("cannot read " + path, e.get_native_error());
    }
  }
  if (!*changed && content->content().size() == expected.size)
    return content;
  return fail(errc::invalid_state, path + " has changed since it was found");
}

} // namespace caf_stream
