#include "caf_stream/lineage/block_source.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class block_source final : public dataset {
public:
  block_source(std::vector<std::vector<data::block_part>> parts, open_list_parts open)
    : dataset(next_dataset_id(), "blocks", {}, static_cast<std::uint32_t>(parts.size())),
      parts_(std::move(parts)), open_(std::move(open)) {}

  std::span<const data::block_part> blocks(partition_id p) const override { return parts_[p]; }

  data::any_cursor open(partition_id p, task_context& context) const override {
    std::vector<list_part> lists;
    for (auto& part : parts_[p])
      lists.push_back({context.block(part.id), part.first, part.last});
    return open_(std::move(lists), context);
  }

private:
  std::vector<std::vector<data::block_part>> parts_;
  open_list_parts open_;
};

} // namespace

dataset_ptr make_block_source(std::vector<std::vector<data::block_part>> partitions,
                              open_list_parts open) {
  return std::make_shared<const block_source>(std::move(partitions), std::move(open));
}

} // namespace caf_stream::lineage
