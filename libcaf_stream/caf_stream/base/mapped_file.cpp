#include "caf_stream/base/mapped_file.hpp"

#include <cerrno>
#include <chrono>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <sys/stat.h>

namespace caf_stream {

namespace {

namespace interprocess = boost::interprocess;

class mapping final : public mapped_file {
public:
  mapping() = default; // of an empty file

  explicit mapping(const std::string& path)
    : file_(path.c_str(), interprocess::read_only), region_(file_, interprocess::read_only) {
    region_.advise(interprocess::mapped_region::advice_sequential);
    content_ = {static_cast<const char*>(region_.get_address()), region_.get_size()};
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

result<std::shared_ptr<const mapped_file>> map_file(const std::string& path,
                                                    const file_stamp& expected) {
  auto changed = [&]() -> result<bool> {
    auto now = stamp_of(path);
    if (!now)
      return tl::unexpected<error>{now.error()};
    return !*now || **now != expected;
  };
  auto before = changed();
  if (!before)
    return tl::unexpected<error>{before.error()};
  std::shared_ptr<const mapped_file> result;
  if (!*before) {
    try {
      result = expected.size == 0 ? std::make_shared<mapping>() : std::make_shared<mapping>(path);
    } catch (const interprocess::interprocess_exception& e) {
      return fail_errno("cannot read " + path, e.get_native_error());
    }
    if (result->content().size() == expected.size)
      return result;
  }
  return fail(errc::invalid_state, path + " has changed since it was found");
}

} // namespace caf_stream
