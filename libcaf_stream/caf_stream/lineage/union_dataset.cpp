#include "caf_stream/lineage/union_dataset.hpp"

#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

namespace {

std::vector<dependency> narrow(std::vector<dataset_ptr> parents) {
  std::vector<dependency> result;
  for (auto& parent : parents)
    result.push_back({std::move(parent), nullptr});
  return result;
}

std::uint32_t sum_of_partitions(const std::vector<dataset_ptr>& parents) {
  std::uint32_t sum = 0;
  for (auto& parent : parents)
    sum += parent->partitions();
  return sum;
}

class union_dataset final : public dataset {
public:
  union_dataset(std::vector<dataset_ptr> parents, std::uint32_t partitions)
    : dataset(next_dataset_id(), "union", narrow(std::move(parents)), partitions) {}

  std::vector<narrow_input> narrow_inputs(partition_id p) const override { return {input_of(p)}; }

  data::any_cursor open(partition_id p, task_context& context) const override {
    auto input = input_of(p);
    return context.open(*dependencies()[input.dependency].parent, input.partition);
  }

private:
  narrow_input input_of(partition_id p) const {
    std::size_t i = 0;
    for (; p >= dependencies()[i].parent->partitions(); ++i)
      p -= dependencies()[i].parent->partitions();
    return {i, p};
  }
};

} // namespace

dataset_ptr make_union(std::vector<dataset_ptr> parents) {
  auto partitions = sum_of_partitions(parents);
  return std::make_shared<const union_dataset>(std::move(parents), partitions);
}

} // namespace caf_stream::lineage
