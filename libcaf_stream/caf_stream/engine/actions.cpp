#include "caf_stream/engine/actions.hpp"

namespace caf_stream::engine {

std::vector<data::payload> run_on_all(job_engine& engine, const lineage::dataset_ptr& target,
                                      exec::partition_action action, std::string description) {
  job_request request;
  request.target = target;
  for (partition_id p = 0; p < target->partitions(); ++p)
    request.partitions.push_back(p);
  request.action = std::move(action);
  request.description = std::move(description);
  return engine.run(std::move(request));
}

} // namespace caf_stream::engine
