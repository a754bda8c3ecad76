#include "caf_stream/ingest/file_selector.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace caf_stream::ingest {

file_finder::~file_finder() = default;

bool is_visible(const std::filesystem::path& file) {
  return file.filename().native().rfind('.', 0) != 0;
}

file_selector::file_selector(batch_time threshold, duration window, file_filter filter,
                             duration clock_step)
  : threshold_(threshold), window_(window), filter_(std::move(filter)), clock_step_(clock_step) {}

file_selection file_selector::select(batch_time t, std::vector<found_file> found) {
  file_selection result;
  // None of those could be selected again without being modified.
  std::erase_if(selected_, [&](auto& entry) { return entry.second.batch <= t - window_; });
  for (auto& file : found) {
    try {
      if (filter_(file.path))
        waiting_.insert_or_assign(file.path, std::move(file));
    } catch (const std::exception& e) {
      result.skipped.push_back({file.path, std::string{"the filter threw: "} + e.what()});
    } catch (...) {
      result.skipped.push_back({file.path, "the filter threw what is no std::exception"});
    }
  }
  for (auto i = waiting_.begin(); i != waiting_.end();) {
    auto& file = i->second;
    if (file.stamp.modified > t) {
      ++i;
      continue;
    }
    if (auto known = selected_.find(file.path); known != selected_.end()) {
      if (known->second.stamp != file.stamp && !std::exchange(known->second.told, true))
        result.skipped.push_back({file.path, "it has changed after it was read"});
      i = waiting_.erase(i);
      continue;
    }
    auto begin = file.at_start ? threshold_ : threshold_ - clock_step_;
    if (file.stamp.modified > std::max(begin, t - window_)) {
      selected_.emplace(file.path, selected_file{file.stamp, t});
      result.files.push_back(std::move(file));
    } else if (!file.at_start || file.stamp.modified > begin) {
      result.skipped.push_back(
        {file.path, file.stamp.modified > begin
                      ? "it was last modified more than " + std::to_string(window_.count()) +
                          " ms before the batch; move it in sooner, or touch it first"
                      : "it was last modified before the stream was made; touch it first"});
    }
    i = waiting_.erase(i);
  }
  std::sort(result.files.begin(), result.files.end(), [](auto& a, auto& b) {
    return std::tie(a.stamp.modified, a.path) < std::tie(b.stamp.modified, b.path);
  });
  return result;
}

} // namespace caf_stream::ingest
