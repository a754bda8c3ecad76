#include "caf_stream/base/faulty_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

namespace caf_stream {

namespace {

bool is_within(const std::string& path, const std::string& folder) {
  return path == folder || path.compare(0, folder.size() + 1, folder + "/") == 0;
}

// The name of `path` once `from` is called `to`.
std::string moved(const std::string& path, const std::string& from, const std::string& to) {
  return is_within(path, from) ? to + path.substr(from.size()) : path;
}

} // namespace

// A file open through the port. What happens to it is decided in `faulty_file_system`.
class faulty_file_system::writer final : public file_writer {
public:
  writer(faulty_file_system& owner, std::string path, std::unique_ptr<file_writer> inner,
         std::shared_ptr<tracked_file> tracked)
    : owner_(owner), path_(std::move(path)), inner_(std::move(inner)), tracked_(std::move(tracked)),
      life_(owner.life_) {}

  status sync() override { return owner_.sync(*this); }
  status close() override { return inner_->close(); }
  result<std::size_t> write_some(std::string_view bytes) override {
    return owner_.write(*this, bytes);
  }

private:
  friend class faulty_file_system;

  faulty_file_system& owner_;
  std::string path_; // as it was opened, for errors
  std::unique_ptr<file_writer> inner_;
  std::shared_ptr<tracked_file> tracked_;
  std::uint64_t life_;
};

faulty_file_system::faulty_file_system(file_system& inner) : inner_(inner) {}

faulty_file_system::~faulty_file_system() = default;

void faulty_file_system::set_faults(file_faults faults) {
  std::lock_guard guard{mutex_};
  faults_ = faults;
}

file_faults faulty_file_system::faults() const {
  std::lock_guard guard{mutex_};
  return faults_;
}

std::uint64_t faulty_file_system::writes() const {
  std::lock_guard guard{mutex_};
  return writes_;
}

std::uint64_t faulty_file_system::syncs() const {
  std::lock_guard guard{mutex_};
  return syncs_;
}

std::uint64_t faulty_file_system::renames() const {
  std::lock_guard guard{mutex_};
  return renames_;
}

result<std::size_t> faulty_file_system::write(writer& to, std::string_view bytes) {
  std::this_thread::sleep_for(faults().delay);
  std::lock_guard guard{mutex_};
  ++writes_;
  if (to.life_ != life_)
    return fail_errno("cannot write to " + to.path_ + " after the crash", EBADF);
  if (faults_.interrupt_every != 0 && writes_ % faults_.interrupt_every == 0)
    return std::size_t{0};
  if (faults_.longest_write != 0)
    bytes = bytes.substr(0, faults_.longest_write);
  if (faults_.space) {
    if (*faults_.space == 0 && !bytes.empty())
      return fail_errno("cannot write to " + to.path_, ENOSPC);
    bytes = bytes.substr(0, std::min<std::uint64_t>(*faults_.space, bytes.size()));
  }
  auto taken = to.inner_->write_some(bytes);
  if (taken) {
    to.tracked_->length += *taken;
    if (faults_.space)
      *faults_.space -= *taken;
  }
  return taken;
}

status faulty_file_system::sync(writer& file) {
  std::this_thread::sleep_for(faults().delay);
  std::lock_guard guard{mutex_};
  ++syncs_;
  if (file.life_ != life_)
    return fail_errno("cannot sync " + file.path_ + " after the crash", EBADF);
  if (faults_.sync_fails)
    return fail_errno("cannot sync " + file.path_, EIO);
  return file.inner_->sync().map([&] { file.tracked_->synced = file.tracked_->length; });
}

result<std::unique_ptr<file_writer>> faulty_file_system::open(const std::string& path,
                                                              open_mode mode) {
  std::lock_guard guard{mutex_};
  auto existed = inner_.exists(path);
  if (!existed)
    return tl::unexpected<error>{existed.error()};
  auto file = inner_.open(path, mode);
  if (!file)
    return file;
  if (!*existed)
    changes_.push_back({name_change::created, path, {}, std::nullopt});
  auto& tracked = tracked_[path];
  if (!tracked) {
    // What was there before counts as durable, but emptying a file loses it at once.
    auto length = inner_.size(path).value_or(0);
    tracked = std::make_shared<tracked_file>(tracked_file{length, length});
  } else if (mode == open_mode::create) {
    *tracked = {};
  }
  return std::make_unique<writer>(*this, path, std::move(*file), tracked);
}

status faulty_file_system::rename(const std::string& from, const std::string& to) {
  std::lock_guard guard{mutex_};
  ++renames_;
  if (faults_.fail_rename_at != 0 && --faults_.fail_rename_at == 0)
    return fail_errno("cannot rename " + from + " to " + to, EIO);
  auto lost = durable_content(to);
  return inner_.rename(from, to).map([&] {
    changes_.push_back({name_change::renamed, to, from, std::move(lost)});
    tracked_.erase(to);
    decltype(tracked_) renamed;
    for (auto& [path, file] : tracked_)
      renamed.emplace(moved(path, from, to), file);
    tracked_ = std::move(renamed);
  });
}

status faulty_file_system::remove(const std::string& path) {
  std::lock_guard guard{mutex_};
  auto lost = durable_content(path);
  return inner_.remove(path).map([&] {
    if (lost)
      changes_.push_back({name_change::removed, path, {}, std::move(lost)});
    tracked_.erase(path);
  });
}

status faulty_file_system::remove_all(const std::string& path) {
  std::lock_guard guard{mutex_};
  return inner_.remove_all(path).map([&] {
    std::erase_if(tracked_, [&](auto& entry) { return is_within(entry.first, path); });
    std::erase_if(changes_, [&](auto& change) { return is_within(change.path, path); });
  });
}

status faulty_file_system::create_directories(const std::string& path) {
  return inner_.create_directories(path);
}

result<bool> faulty_file_system::exists(const std::string& path) { return inner_.exists(path); }

result<std::uint64_t> faulty_file_system::size(const std::string& path) {
  return inner_.size(path);
}

result<std::string> faulty_file_system::read_all(const std::string& path) {
  return inner_.read_all(path);
}

result<std::vector<std::string>> faulty_file_system::list(const std::string& directory) {
  return inner_.list(directory);
}

status faulty_file_system::truncate(const std::string& path, std::uint64_t size) {
  std::lock_guard guard{mutex_};
  if (faults_.sync_fails)
    return fail_errno("cannot cut " + path, EIO);
  return inner_.truncate(path, size).map([&] {
    if (auto i = tracked_.find(path); i != tracked_.end())
      *i->second = {size, size};
  });
}

status faulty_file_system::sync_directory(const std::string& directory) {
  std::this_thread::sleep_for(faults().delay);
  std::lock_guard guard{mutex_};
  ++syncs_;
  if (faults_.sync_fails)
    return fail_errno("cannot sync the folder " + directory, EIO);
  if (auto synced = inner_.sync_directory(directory); !synced)
    return synced;
  auto folder = parent_directory(directory + "/x"); // without a slash at its end
  std::vector<name_change> left;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    auto& change = changes_[i];
    if (parent_directory(present_path(i)) != folder) {
      left.push_back(std::move(change));
      continue;
    }
    if (change.kind == name_change::renamed)
      for (auto& earlier : left)
        earlier.path = moved(earlier.path, change.from, change.path);
  }
  changes_ = std::move(left);
  return {};
}

// Where the subject of a change is found now: later renames, of folders too, carried it along.
std::string faulty_file_system::present_path(std::size_t change) const {
  auto path = changes_[change].path;
  for (auto later = change + 1; later < changes_.size(); ++later)
    if (changes_[later].kind == name_change::renamed)
      path = moved(path, changes_[later].from, changes_[later].path);
  return path;
}

std::optional<std::string> faulty_file_system::durable_content(const std::string& path) {
  auto content = inner_.read_all(path);
  if (!content)
    return std::nullopt;
  if (auto i = tracked_.find(path); i != tracked_.end() && i->second->synced < content->size())
    content->resize(i->second->synced);
  return std::move(*content);
}

status faulty_file_system::drop_unsynced() {
  std::lock_guard guard{mutex_};
  ++life_;
  for (auto& [path, file] : tracked_) {
    auto size = inner_.size(path);
    if (!size || *size <= file->synced)
      continue;
    if (auto cut = inner_.truncate(path, file->synced); !cut)
      return cut;
  }
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change)
    if (auto undone = undo(*change); !undone)
      return undone;
  tracked_.clear();
  changes_.clear();
  return {};
}

status faulty_file_system::undo(const name_change& change) {
  if (change.kind == name_change::created)
    return inner_.remove(change.path);
  if (change.kind == name_change::renamed)
    if (auto back = inner_.rename(change.path, change.from); !back)
      return back;
  if (!change.lost)
    return {};
  auto file = inner_.open(change.path, open_mode::create);
  if (!file)
    return tl::unexpected<error>{file.error()};
  return (*file)->append(*change.lost).and_then([&] { return (*file)->close(); });
}

} // namespace caf_stream
