#include "caf_stream/lineage/narrow_dataset.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class narrow_dataset final : public dataset {
public:
  narrow_dataset(std::string operation, dataset_ptr parent, wrap_cursor wrap)
    : dataset(next_dataset_id(), std::move(operation), {{parent, nullptr}}, parent->partitions()),
      wrap_(std::move(wrap)) {}

  data::any_cursor open(partition_id p, task_context& context) const override {
    return wrap_(context.open(*dependencies()[0].parent, p), p, context);
  }

private:
  wrap_cursor wrap_;
};

} // namespace

dataset_ptr make_narrow(std::string operation, dataset_ptr parent, wrap_cursor wrap) {
  return std::make_shared<const narrow_dataset>(std::move(operation), std::move(parent),
                                                std::move(wrap));
}

} // namespace caf_stream::lineage
