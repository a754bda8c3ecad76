#include "caf_stream/lineage/values_source.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class values_source final : public dataset {
public:
  values_source(std::vector<data::payload> lists, open_list open)
    : dataset(next_dataset_id(), "values", {}, static_cast<std::uint32_t>(lists.size())),
      lists_(std::move(lists)), open_(std::move(open)) {}

  data::payload values(partition_id p) const override { return lists_[p]; }

  data::any_cursor open(partition_id p, task_context& context) const override {
    return open_(context.values(id(), p));
  }

private:
  std::vector<data::payload> lists_;
  open_list open_;
};

} // namespace

dataset_ptr make_values_source(std::vector<data::payload> partitions, open_list open) {
  return std::make_shared<const values_source>(std::move(partitions), std::move(open));
}

} // namespace caf_stream::lineage
