#include "caf_stream/lineage/side_input.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class dataset_with_side final : public dataset {
public:
  dataset_with_side(std::string operation, dataset_ptr parent, dataset_ptr side,
                    wrap_with_side wrap)
    : dataset(next_dataset_id(), std::move(operation), {{parent, nullptr}, {side, nullptr}},
              parent->partitions()),
      wrap_(std::move(wrap)) {}

  std::vector<narrow_input> narrow_inputs(partition_id p) const override {
    return {{0, p}, {1, 0}};
  }

  data::any_cursor open(partition_id p, task_context& context) const override {
    auto side = context.open(*dependencies()[1].parent, 0);
    return wrap_(context.open(*dependencies()[0].parent, p), std::move(side), p, context);
  }

private:
  wrap_with_side wrap_;
};

} // namespace

dataset_ptr make_with_side(std::string operation, dataset_ptr parent, dataset_ptr side,
                           wrap_with_side wrap) {
  return std::make_shared<const dataset_with_side>(std::move(operation), std::move(parent),
                                                   std::move(side), std::move(wrap));
}

} // namespace caf_stream::lineage
