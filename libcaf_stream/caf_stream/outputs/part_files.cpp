#include "caf_stream/outputs/part_files.hpp"

#include <algorithm>

namespace caf_stream::outputs {

namespace {

constexpr std::string_view temporary_name = "_temporary";
constexpr std::string_view success_name = "_SUCCESS";
constexpr std::string_view part_prefix = "part-";
constexpr std::size_t flush_size = 256 * 1024;

std::string join(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string{name};
}

std::string part_name(std::uint64_t part) {
  auto digits = std::to_string(part);
  return std::string{part_prefix} + std::string(5 - std::min<std::size_t>(5, digits.size()), '0') +
         digits;
}

// Whoever sees `_SUCCESS` must see the new parts only, so it goes first.
status remove_success(file_system& files, const std::string& folder) {
  auto there = files.exists(join(folder, success_name));
  if (!there)
    return tl::unexpected<error>{there.error()};
  if (!*there)
    return {};
  if (auto removed = files.remove(join(folder, success_name)); !removed)
    return removed;
  return files.sync_directory(folder);
}

// A rerun may have fewer partitions than the run before.
status remove_stale_parts(file_system& files, const std::string& folder, std::size_t parts) {
  auto names = files.list(folder);
  if (!names)
    return tl::unexpected<error>{names.error()};
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < parts; ++i)
    wanted.push_back(part_name(i));
  for (auto& name : *names)
    if (name.starts_with(part_prefix) &&
        std::find(wanted.begin(), wanted.end(), name) == wanted.end())
      if (auto removed = files.remove(join(folder, name)); !removed)
        return removed;
  return {};
}

status write_success(file_system& files, const std::string& folder) {
  auto file = files.open(join(folder, success_name), open_mode::create);
  if (!file)
    return tl::unexpected<error>{file.error()};
  if (auto synced = (*file)->sync(); !synced)
    return synced;
  if (auto closed = (*file)->close(); !closed)
    return closed;
  return files.sync_directory(folder);
}

} // namespace

void check_output_path(std::string_view path) {
  auto refuse = [path](const char* why) {
    throw error{errc::invalid_argument, "cannot save to '" + std::string{path} + "': " + why};
  };
  if (path.empty())
    refuse("the path is empty");
  if (path.find('\0') != std::string_view::npos)
    refuse("the path holds a NUL");
  for (std::size_t begin = 0; begin <= path.size();) {
    auto end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..")
      refuse("the path leads upwards (..)");
    begin = end + 1;
  }
}

status begin_parts(file_system& files, const std::string& folder) {
  auto aside = join(folder, temporary_name);
  if (auto removed = files.remove_all(aside); !removed)
    return removed;
  if (auto made = files.create_directories(aside); !made)
    return made;
  return files.sync_directory(parent_directory(folder));
}

part_writer::part_writer(file_system& files, const std::string& folder, const task_id& attempt)
  : files_(files), folder_(folder),
    name_(join(std::string{temporary_name}, part_name(attempt.partition)) + ".attempt-" +
          std::to_string(attempt.job) + "-" + std::to_string(attempt.attempt)) {}

status part_writer::flush() {
  if (!so_far_)
    return so_far_;
  if (file_ == nullptr) {
    auto file = files_.open(join(folder_, name_), open_mode::create);
    if (!file)
      return so_far_ = tl::unexpected<error>{file.error()};
    file_ = *std::move(file);
  }
  so_far_ = file_->append(buffer_);
  buffer_.clear();
  return so_far_;
}

status part_writer::end_record() { return buffer_.size() < flush_size ? status{} : flush(); }

result<std::string> part_writer::finish() {
  if (auto flushed = flush(); !flushed)
    return tl::unexpected<error>{flushed.error()};
  if (auto synced = file_->sync(); !synced)
    return tl::unexpected<error>{synced.error()};
  if (auto closed = file_->close(); !closed)
    return tl::unexpected<error>{closed.error()};
  return name_;
}

status commit_parts(file_system& files, const std::string& folder,
                    const std::vector<std::string>& written) {
  if (auto removed = remove_success(files, folder); !removed)
    return removed;
  for (std::size_t i = 0; i < written.size(); ++i)
    if (auto moved = files.rename(join(folder, written[i]), join(folder, part_name(i))); !moved)
      return moved;
  if (auto removed = remove_stale_parts(files, folder, written.size()); !removed)
    return removed;
  if (auto synced = files.sync_directory(folder); !synced)
    return synced;
  if (auto done = write_success(files, folder); !done)
    return done;
  return files.remove_all(join(folder, temporary_name));
}

result<std::vector<std::string>> list_parts(file_system& files, const std::string& folder) {
  auto names = files.list(folder);
  if (!names)
    return tl::unexpected<error>{names.error()};
  if (std::find(names->begin(), names->end(), success_name) == names->end())
    return fail(errc::io_error, "'" + folder + "' holds no complete data set: it has no _SUCCESS");
  std::vector<std::string> parts;
  for (auto& name : *names)
    if (name.starts_with(part_prefix))
      parts.push_back(join(folder, name));
  // Numbers of more than five digits are longer, and come after the others.
  std::stable_sort(parts.begin(), parts.end(),
                   [](auto& a, auto& b) { return a.size() < b.size(); });
  return parts;
}

} // namespace caf_stream::outputs
