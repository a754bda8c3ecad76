#include "caf_stream/blocks/spill_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caf_stream/base/log.hpp"
#include "caf_stream/blocks/spill_file.hpp"

namespace caf_stream::blocks {

namespace {

constexpr std::string_view prefix = "caf_stream-spill-";
constexpr std::string_view lock_name = "/lock";

// Somebody who removes what is left over may take a folder that is not locked yet for that.
constexpr int most_attempts = 10;

std::string folder_for_spilling(std::string given) {
  if (!given.empty())
    return given;
  std::error_code failure;
  auto temporary = std::filesystem::temp_directory_path(failure);
  return failure ? "/tmp" : temporary.string();
}

bool try_lock(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB) == 0; }

bool is_removed(int fd) {
  struct stat found {};
  return ::fstat(fd, &found) != 0 || found.st_nlink == 0;
}

} // namespace

/// A spilled payload's file, which goes when nobody has the payload any more.
class spill_folder::file final : public data::stored_encoding {
public:
  file(std::shared_ptr<spill_folder> folder, std::string path, std::string what)
    : folder_(std::move(folder)), path_(std::move(path)), what_(std::move(what)) {}

  ~file() override { folder_->release(path_); }

  result<codec::bytes> read() const override {
    return read_spill_file(folder_->files_, path_).map_error([this](const error& cause) {
      return error{cause.code(),
                   what_ + " cannot be read back from " + path_ + ": " + cause.what()};
    });
  }

  result<std::shared_ptr<const mapped_file>> put_aside(std::string_view bytes) const override {
    return folder_->map_aside(bytes);
  }

private:
  std::shared_ptr<spill_folder> folder_;
  std::string path_;
  std::string what_;
};

spill_folder::spill_folder(std::string below, file_system& files)
  : below_(folder_for_spilling(std::move(below))), files_(files) {}

spill_folder::~spill_folder() { close(); }

std::size_t spill_folder::remove_left_over() {
  auto names = files_.list(below_);
  if (!names)
    return 0; // not there yet; who spills to it is told
  std::size_t removed = 0;
  for (auto& name : *names) {
    if (!name.starts_with(prefix))
      continue;
    auto folder = below_ + "/" + name;
    auto fd = ::open((folder + std::string{lock_name}).c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) {
      // Of another user, or not locked yet by whoever makes it: left alone unless it is empty.
      if (errno == ENOENT)
        ::rmdir(folder.c_str());
      continue;
    }
    if (try_lock(fd) && !is_removed(fd)) {
      if (auto gone = files_.remove_all(folder); gone)
        ++removed;
      else
        log::warning(gone.error().what());
    }
    ::close(fd);
  }
  return removed;
}

result<spilled_payload> spill_folder::store(const data::payload& x, std::string what) {
  std::shared_ptr<const codec::bytes> encoding;
  try {
    encoding = x.share_encoding();
  } catch (const std::exception& cause) {
    return fail(errc::not_encodable, what + " cannot be encoded: " + cause.what());
  }
  std::lock_guard busy{busy_};
  auto path = next_path("spill");
  if (!path)
    return tl::unexpected<error>{path.error()};
  auto size = write_spill_file(files_, *path, codec::as_view(*encoding));
  if (!size)
    return tl::unexpected<error>{size.error()};
  auto where = std::make_shared<const file>(shared_from_this(), *std::move(path), std::move(what));
  return spilled_payload{data::payload::from_stored(std::move(where), x.records(), x.bytes()),
                         *size};
}

// The file has no name from the moment it is mapped, and is gone with the mapping.
result<std::shared_ptr<const mapped_file>> spill_folder::map_aside(std::string_view bytes) {
  auto path = next_path("aside");
  if (!path)
    return tl::unexpected<error>{path.error()};
  auto mapped = write_and_map(*path, bytes);
  static_cast<void>(files_.remove(*path)); // at the end its folder goes in any case
  return mapped;
}

result<std::shared_ptr<const mapped_file>> spill_folder::write_and_map(const std::string& path,
                                                                       std::string_view bytes) {
  auto file = files_.open(path, open_mode::create);
  if (!file)
    return tl::unexpected<error>{file.error()};
  auto written = (*file)->append(bytes).and_then([&] { return (*file)->close(); });
  if (!written)
    return tl::unexpected<error>{written.error()};
  auto stamp = stamp_of(path);
  if (!stamp)
    return tl::unexpected<error>{stamp.error()};
  return map_file(path, stamp->value());
}

result<std::string> spill_folder::next_path(const std::string& ending) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return fail(errc::stopped, "nothing can be spilled: the context has ended");
  if (path_.empty())
    if (auto made = make(); !made)
      return tl::unexpected<error>{made.error()};
  return path_ + "/" + std::to_string(next_++) + "." + ending;
}

void spill_folder::remove_released() {
  std::vector<std::string> paths;
  std::lock_guard busy{busy_};
  {
    std::lock_guard guard{mutex_};
    paths.swap(released_);
  }
  for (auto& path : paths)
    if (auto gone = files_.remove(path); !gone)
      log::warning(gone.error().what());
}

void spill_folder::close() {
  std::lock_guard busy{busy_};
  std::lock_guard guard{mutex_};
  closed_ = true;
  released_.clear();
  if (path_.empty())
    return;
  if (auto gone = files_.remove_all(path_); !gone)
    log::warning(gone.error().what());
  ::close(std::exchange(lock_, -1));
  path_.clear();
}

std::string spill_folder::path() const {
  std::lock_guard guard{mutex_};
  return path_;
}

// With the mutex held.
status spill_folder::make() {
  if (auto there = files_.create_directories(below_); !there)
    return there;
  for (int i = 0; i < most_attempts; ++i) {
    auto pattern = below_ + "/" + std::string{prefix} + std::to_string(::getpid()) + "-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail_errno("cannot make a folder like " + pattern, errno);
    if (auto locked = lock(pattern)) {
      path_ = pattern;
      return {};
    }
    ::rmdir(pattern.c_str());
  }
  return fail(errc::io_error, "cannot lock a folder below " + below_);
}

status spill_folder::lock(const std::string& path) {
  auto name = path + std::string{lock_name};
  auto fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail_errno("cannot make " + name, errno);
  if (!try_lock(fd) || is_removed(fd)) {
    ::close(fd);
    return fail(errc::io_error, name + " was taken for one that is left over");
  }
  lock_ = fd;
  return {};
}

void spill_folder::release(std::string path) {
  std::lock_guard guard{mutex_};
  if (!closed_)
    released_.push_back(std::move(path));
}

} // namespace caf_stream::blocks
