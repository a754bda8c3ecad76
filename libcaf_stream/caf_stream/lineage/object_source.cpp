#include "caf_stream/lineage/object_source.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class object_source final : public dataset {
public:
  object_source(std::vector<std::string> paths, file_system& files, open_object_file open)
    : dataset(next_dataset_id(), "object_file", {}, static_cast<std::uint32_t>(paths.size())),
      paths_(std::move(paths)), files_(files), open_(std::move(open)) {}

  data::any_cursor open(partition_id p, task_context&) const override {
    auto content = files_.read_all(paths_[p]);
    if (!content)
      throw content.error();
    return open_(paths_[p], std::make_shared<const std::string>(*std::move(content)));
  }

private:
  std::vector<std::string> paths_;
  file_system& files_;
  open_object_file open_;
};

} // namespace

dataset_ptr make_object_source(std::vector<std::string> paths, file_system& files,
                               open_object_file open) {
  return std::make_shared<const object_source>(std::move(paths), files, std::move(open));
}

void throw_unreadable(const std::string& path, const error& cause) {
  throw error{cause.code(), "cannot read '" + path + "': " + cause.what()};
}

} // namespace caf_stream::lineage
