#include "caf_stream/state_streams.hpp"

#include "caf_stream/engine/actions.hpp"

namespace caf_stream {

void run_state_step(engine::job_engine& engine, const lineage::dataset_ptr& set) {
  auto nothing = [](partition_id, data::cursor_base&, lineage::task_context&) {
    return data::payload{};
  };
  engine::run_on_all(engine, set, nothing, set->operation());
}

} // namespace caf_stream
