#include "caf_stream/lineage/id_scope.hpp"

#include <atomic>

namespace caf_stream::lineage {

namespace {

thread_local id_scope* innermost = nullptr;
std::atomic<std::uint32_t> next_path_outside{0};

} // namespace

id_scope::id_scope(operator_id op, batch_time time) : next_{op, time, 0}, outer_(innermost) {
  innermost = this;
}

id_scope::~id_scope() { innermost = outer_; }

dataset_id next_dataset_id() {
  if (innermost == nullptr)
    return {operator_id{}, batch_time{}, next_path_outside++};
  auto result = innermost->next_;
  ++innermost->next_.path;
  return result;
}

} // namespace caf_stream::lineage
