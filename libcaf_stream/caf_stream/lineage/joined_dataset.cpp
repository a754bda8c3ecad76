#include "caf_stream/lineage/joined_dataset.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

dependency shuffle_of(shuffled_side side) {
  return {std::move(side.parent), make_writer(std::move(side.write))};
}

class joined_dataset final : public dataset {
public:
  joined_dataset(std::string operation, shuffled_side left, shuffled_side right,
                 std::uint32_t partitions, open_both open)
    : dataset(next_dataset_id(), std::move(operation),
              {shuffle_of(std::move(left)), shuffle_of(std::move(right))}, partitions),
      open_(std::move(open)) {}

  data::any_cursor open(partition_id p, task_context& context) const override {
    return open_(context.pieces(id(), 0, p), context.pieces(id(), 1, p), context);
  }

private:
  open_both open_;
};

} // namespace

dataset_ptr make_joined(std::string operation, shuffled_side left, shuffled_side right,
                        std::uint32_t partitions, open_both open) {
  return std::make_shared<const joined_dataset>(std::move(operation), std::move(left),
                                                std::move(right), partitions, std::move(open));
}

} // namespace caf_stream::lineage
