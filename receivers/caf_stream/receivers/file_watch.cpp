#include "caf_stream/receivers/file_watch.hpp"

#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include <dirent.h>
#include <glob.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "caf_stream/base/log.hpp"

namespace caf_stream::receivers {

namespace {

constexpr std::uint32_t watched_events = IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE | IN_ATTRIB |
                                         IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF |
                                         IN_OPEN | IN_CLOSE_NOWRITE | IN_ONLYDIR;

// A name that has appeared. Whoever makes a file opens it, and closes it when it is written; who
// gives a file one more name opens nothing.
struct created_name {
  int open = 0;             // how often it is open
  bool seen_before = false; // by a look
};

struct folder {
  std::pair<dev_t, ino_t> identity; // another one may be there under its name
  int watch = -1;                   // of inotify; -1: listed at each look
  std::map<std::string, file_stamp> files;
  std::map<std::string, created_name> created; // and perhaps not yet written
};

// Files of other machines change without notice.
bool is_remote(const std::string& path) {
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0)
    return true;
  constexpr unsigned long nfs = 0x6969, smb = 0x517b, smb2 = 0xfe534d42, cifs = 0xff534d42,
                          fuse = 0x65735546, ceph = 0x00c36400, p9 = 0x01021997;
  auto type = static_cast<unsigned long>(system.f_type) & 0xfffffffful;
  for (auto remote : {nfs, smb, smb2, cifs, fuse, ceph, p9})
    if (type == remote)
      return true;
  return false;
}

std::string in(const std::string& folder, const std::string& name) {
  return folder.empty() || folder.back() == '/' ? folder + name : folder + "/" + name;
}

std::string text_of_errno(const std::string& what) {
  return fail_errno(what, errno).value().what();
}

class file_watch final : public ingest::file_finder {
public:
  file_watch(std::string pattern, watch_mode mode) : pattern_(std::move(pattern)) {
    if (mode == watch_mode::notified) {
      events_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
      if (events_ < 0)
        log::warning("folders are listed at each batch: ", text_of_errno("inotify"));
    }
  }

  ~file_watch() override {
    if (events_ >= 0)
      ::close(events_);
  }

  file_watch(const file_watch&) = delete;
  file_watch& operator=(const file_watch&) = delete;

  std::vector<ingest::found_file> look() override {
    found_.clear();
    read_events();
    match_folders();
    for (auto& [path, entry] : folders_)
      if (entry.watch < 0)
        list(path, entry);
      else
        look_at_created(path, entry);
    first_ = false;
    return std::move(found_);
  }

private:
  // Folders that match now: new ones are watched, others are forgotten.
  void match_folders() {
    std::map<std::string, std::pair<dev_t, ino_t>> matching;
    glob_t matches{};
    // A path that is no pattern matches itself.
    if (::glob(pattern_.c_str(), GLOB_NOSORT, nullptr, &matches) == 0)
      for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
        struct stat status {};
        if (::stat(matches.gl_pathv[i], &status) == 0 && S_ISDIR(status.st_mode))
          matching.emplace(matches.gl_pathv[i], std::pair{status.st_dev, status.st_ino});
      }
    ::globfree(&matches);
    if (matching.empty())
      complain(pattern_, "no folder matches " + pattern_);
    else
      complaints_.erase(pattern_);
    for (auto i = folders_.begin(); i != folders_.end();)
      if (auto now = matching.find(i->first);
          now != matching.end() && now->second == i->second.identity) {
        ++i;
      } else {
        forget_watch(i->first, i->second);
        i = folders_.erase(i);
      }
    for (auto& [path, identity] : matching)
      if (auto [i, fresh] = folders_.try_emplace(path); fresh) {
        i->second.identity = identity;
        // First watched, then listed, so that nothing falls in between.
        watch(path, i->second);
        if (i->second.watch >= 0)
          list(path, i->second);
      }
  }

  void watch(const std::string& path, folder& entry) {
    if (events_ < 0 || is_remote(path))
      return;
    entry.watch = ::inotify_add_watch(events_, path.c_str(), watched_events);
    if (entry.watch >= 0)
      watched_[entry.watch].insert(path); // one folder may have several names
    else
      complain("watch " + path, path + " is listed at each batch: " + text_of_errno("inotify"));
  }

  void forget_watch(const std::string& path, folder& entry) {
    auto i = watched_.find(std::exchange(entry.watch, -1));
    if (i == watched_.end())
      return;
    i->second.erase(path);
    if (!i->second.empty())
      return;
    ::inotify_rm_watch(events_, i->first);
    watched_.erase(i);
  }

  void read_events() {
    if (events_ < 0)
      return;
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    bool overflow = false;
    for (;;) {
      auto n = ::read(events_, buffer.data(), buffer.size());
      if (n <= 0)
        break;
      for (auto* at = buffer.data(); at < buffer.data() + n;) {
        auto* event = reinterpret_cast<const inotify_event*>(at);
        at += sizeof(inotify_event) + event->len;
        if ((event->mask & IN_Q_OVERFLOW) != 0)
          overflow = true;
        else
          on_event(*event);
      }
    }
    if (overflow)
      for (auto& [path, entry] : folders_) {
        entry.created.clear();
        list(path, entry);
      }
  }

  void on_event(const inotify_event& event) {
    auto i = watched_.find(event.wd);
    if (i == watched_.end())
      return;
    auto paths = i->second;
    for (auto& path : paths)
      if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
        // Another folder may be there under its name by now.
        auto gone = folders_.extract(path);
        forget_watch(path, gone.mapped());
      } else if (event.len != 0) {
        on_name(path, folders_[path], event.name, event.mask);
      }
  }

  void on_name(const std::string& path, folder& entry, const std::string& name,
               std::uint32_t what) {
    auto created = entry.created.find(name);
    if ((what & (IN_MOVED_FROM | IN_DELETE)) != 0) {
      entry.files.erase(name);
      entry.created.erase(name);
    } else if ((what & IN_CREATE) != 0) {
      entry.created.insert_or_assign(name, created_name{});
      look_at(path, entry, name, true);
    } else if ((what & (IN_OPEN | IN_CLOSE_NOWRITE)) != 0) {
      if (created != entry.created.end())
        created->second.open += (what & IN_OPEN) != 0 ? 1 : -1;
    } else if ((what & IN_ATTRIB) == 0 || created == entry.created.end()) {
      entry.created.erase(name);
      look_at(path, entry, name, false);
    }
  }

  // What appeared before the last look and nobody has open is one more name of a file: also where
  // the others are gone by now.
  void look_at_created(const std::string& path, folder& entry) {
    for (auto i = entry.created.begin(); i != entry.created.end();) {
      if (!std::exchange(i->second.seen_before, true) || i->second.open > 0) {
        ++i;
        continue;
      }
      look_at(path, entry, i->first, false);
      i = entry.created.erase(i);
    }
  }

  // `created`: it may still be written, unless it is one more name of a file that exists.
  void look_at(const std::string& path, folder& entry, const std::string& name, bool created) {
    auto file = in(path, name);
    if (created) {
      struct stat status {};
      if (::lstat(file.c_str(), &status) != 0 || (S_ISREG(status.st_mode) && status.st_nlink < 2))
        return;
    }
    auto stamp = stamp_of(file);
    if (!stamp || !*stamp)
      return; // gone already, or no file
    auto [known, fresh] = entry.files.try_emplace(name, **stamp);
    if (!fresh && known->second == **stamp)
      return;
    known->second = **stamp;
    found_.push_back({std::move(file), **stamp, first_});
  }

  void list(const std::string& path, folder& entry) {
    std::unique_ptr<DIR, int (*)(DIR*)> stream{::opendir(path.c_str()), &::closedir};
    if (stream == nullptr) {
      complain(path, text_of_errno("cannot list " + path));
      return;
    }
    complaints_.erase(path);
    std::set<std::string> there;
    while (auto* item = ::readdir(stream.get())) {
      if (item->d_type == DT_DIR || item->d_type == DT_FIFO || item->d_type == DT_SOCK)
        continue;
      there.insert(item->d_name);
      look_at(path, entry, item->d_name, false);
    }
    std::erase_if(entry.files, [&](auto& file) { return !there.contains(file.first); });
  }

  // Once, until it is better.
  void complain(const std::string& about, const std::string& text) {
    if (complaints_.insert(about).second)
      log::warning(text);
  }

  std::string pattern_;
  int events_ = -1;
  bool first_ = true;
  std::map<std::string, folder> folders_;
  std::map<int, std::set<std::string>> watched_; // paths of a watch
  std::set<std::string> complaints_;
  std::vector<ingest::found_file> found_;
};

} // namespace

std::unique_ptr<ingest::file_finder> watch_files(std::string pattern, watch_mode mode) {
  return std::make_unique<file_watch>(std::move(pattern), mode);
}

} // namespace caf_stream::receivers
