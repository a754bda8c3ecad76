#include "caf_stream/lineage/file_source.hpp"

#include <algorithm>

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

constexpr std::uint64_t least_bytes = std::uint64_t{1} << 20;
constexpr std::uint64_t most_copied = std::uint64_t{16} << 20;

class file_source final : public dataset {
public:
  file_source(std::vector<file_parts> parts, open_file_parts open, report_lost_file report)
    : dataset(next_dataset_id(), "files", {}, static_cast<std::uint32_t>(parts.size())),
      parts_(std::move(parts)), open_(std::move(open)),
      opener_(std::make_shared<const file_opener>(std::move(report))) {}

  data::any_cursor open(partition_id p, task_context&) const override {
    return open_(parts_[p], opener_);
  }

private:
  std::vector<file_parts> parts_;
  open_file_parts open_;
  file_opener_ptr opener_;
};

} // namespace

std::shared_ptr<const mapped_file> file_opener::open(const ingest::found_file& file,
                                                     std::uint64_t& copied) const {
  auto copies = file.stamp.size <= most_copied && copied <= most_copied - file.stamp.size;
  auto content =
    map_file(file.path, file.stamp, copies ? file_access::copied : file_access::mapped);
  if (content) {
    copied += copies ? file.stamp.size : 0;
    return *std::move(content);
  }
  report(file.path, content.error().what());
  return nullptr;
}

void file_opener::report(const std::string& path, const std::string& why) const {
  {
    std::lock_guard guard{mutex_};
    if (!told_.insert(path).second)
      return;
  }
  report_(why);
}

std::vector<file_parts> pack_files(const std::vector<ingest::found_file>& files,
                                   std::uint32_t partitions, file_cuts cuts) {
  std::uint64_t total = 0;
  for (auto& file : files)
    total += file.stamp.size;
  if (total == 0)
    return {};
  // Small batches are not worth many tasks.
  auto n =
    std::clamp<std::uint64_t>(total / least_bytes, 1, std::max<std::uint32_t>(partitions, 1));
  std::vector<file_parts> result(n);
  std::uint64_t before = 0; // bytes of the files before this one
  for (auto& file : files) {
    auto size = file.stamp.size;
    std::uint64_t begin = 0;
    while (begin < size) {
      auto p = (before + begin) * n / total;
      auto end = size;
      if (cuts.unit != 0 && p + 1 < n) {
        auto share_ends = ((p + 1) * total + n - 1) / n; // the first byte of the next partition
        if (share_ends < before + size)
          end = std::min(size, std::max(share_ends - before, begin + 1));
        end = std::min(size, (end + cuts.unit - 1) / cuts.unit * cuts.unit);
      }
      result[p].push_back({file, begin, end});
      begin = end;
    }
    before += size;
  }
  std::erase_if(result, [](auto& parts) { return parts.empty(); });
  return result;
}

dataset_ptr make_file_source(std::vector<file_parts> partitions, open_file_parts open,
                             report_lost_file report) {
  return std::make_shared<const file_source>(std::move(partitions), std::move(open),
                                             std::move(report));
}

} // namespace caf_stream::lineage
