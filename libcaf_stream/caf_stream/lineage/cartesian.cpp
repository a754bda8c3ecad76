#include "caf_stream/lineage/cartesian.hpp"

#include <limits>
#include <string>

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

std::uint32_t product(std::uint64_t left, std::uint64_t right) {
  if (left * right > std::numeric_limits<std::uint32_t>::max())
    throw error{errc::invalid_argument, "cartesian of " + std::to_string(left) + " and " +
                                          std::to_string(right) + " partitions would have " +
                                          "too many; repartition them before"};
  return static_cast<std::uint32_t>(left * right);
}

class cartesian_dataset final : public dataset {
public:
  cartesian_dataset(dataset_ptr left, dataset_ptr right, open_product open)
    : dataset(next_dataset_id(), "cartesian", {{left, nullptr}, {right, nullptr}},
              product(left->partitions(), right->partitions())),
      open_(std::move(open)) {}

  std::vector<narrow_input> narrow_inputs(partition_id p) const override {
    auto n = dependencies()[1].parent->partitions();
    return {{0, p / n}, {1, p % n}};
  }

  data::any_cursor open(partition_id p, task_context& context) const override {
    auto inputs = narrow_inputs(p);
    auto left = context.open(*dependencies()[0].parent, inputs[0].partition);
    return open_(std::move(left), context.open(*dependencies()[1].parent, inputs[1].partition));
  }

private:
  open_product open_;
};

} // namespace

dataset_ptr make_cartesian(dataset_ptr left, dataset_ptr right, open_product open) {
  return std::make_shared<const cartesian_dataset>(std::move(left), std::move(right),
                                                   std::move(open));
}

} // namespace caf_stream::lineage
