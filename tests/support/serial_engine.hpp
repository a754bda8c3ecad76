#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/engine/engine.hpp"
#include "caf_stream/exec/run_task.hpp"
#include "caf_stream/plan/job_plan.hpp"

namespace caf_stream::test {

/// Runs jobs in the calling thread, stage after stage, so that operators can be tested without
/// actors. With `encode`, everything that goes from task to task or to the driver and has an
/// encoding goes through it, as between processes.
class serial_engine final : public engine::job_engine {
public:
  explicit serial_engine(std::uint32_t default_partitions = 2, bool encode = false)
    : default_partitions_(default_partitions), encode_(encode) {}

  std::vector<data::payload> run(engine::job_request request) override {
    auto is_kept = [this](const lineage::dataset& set) {
      for (partition_id p = 0; p < set.partitions(); ++p)
        if (!kept_.contains({set.id(), p}))
          return false;
      return true;
    };
    exec::active_job job;
    job.id = next_job_++;
    job.description = request.description;
    job.seed = seed();
    job.states = states;
    job.plan = plan::compile(request.target, request.partitions, is_kept);
    job.action = std::move(request.action);
    explained = job.plan.explain();
    std::vector<std::vector<exec::task_output>> outputs;
    for (auto& stage : job.plan.stages) {
      auto& done = outputs.emplace_back();
      for (auto p : stage.partitions)
        done.push_back(run_one(job, stage.number, p, outputs));
    }
    std::vector<data::payload> results;
    for (auto& output : outputs.back())
      results.push_back(std::move(output.result));
    return results;
  }

  void unpersist(const lineage::dataset_ptr& set) override {
    set->stop_keeping();
    std::erase_if(kept_, [&](auto& entry) { return entry.first.dataset == set->id(); });
  }

  data::table_seed seed() const override { return {42}; }
  std::uint32_t workers() const override { return 1; }
  std::uint32_t default_partitions() const override { return default_partitions_; }

  /// Stores a block for data sets to read.
  void store(block_id id, data::payload records) { blocks_[id] = std::move(records); }

  std::shared_ptr<stateful::state_store> states = std::make_shared<stateful::state_store>(1_GiB);
  std::string explained; ///< the plan of the last job
  int tasks = 0;         ///< run so far

private:
  data::payload travel(const data::payload& x) const {
    if (!encode_ || !x || !x.is_encodable())
      return x;
    return data::payload::from_encoding(x.encode(), x.records(), x.bytes());
  }

  exec::task_output run_one(const exec::active_job& job, std::uint32_t stage, partition_id p,
                            const std::vector<std::vector<exec::task_output>>& outputs) {
    auto needs = job.plan.needs(stage, p);
    lineage::task_inputs inputs;
    for (auto& part : needs.blocks)
      inputs.blocks[part.id] = travel(blocks_.at(part.id));
    for (auto& [key, values] : needs.values)
      inputs.values[key] = travel(values);
    for (auto& [key, alone] : needs.kept)
      if (auto i = kept_.find(key); i != kept_.end())
        inputs.kept[key] = travel(i->second);
    for (auto& request : needs.pieces) {
      auto& pieces = inputs.pieces[request.input];
      for (auto& map_task : outputs.at(request.from_stage))
        pieces.push_back(travel(map_task.pieces.at(request.input.partition)));
    }
    ++tasks;
    auto output = exec::run_task(job, {job.id, stage, p, 0}, std::move(inputs));
    if (!output)
      throw output.error();
    output->result = travel(output->result);
    for (auto& [key, records] : output->kept)
      kept_[key] = records.records;
    return *std::move(output);
  }

  std::uint32_t default_partitions_;
  bool encode_;
  job_id next_job_ = 1;
  std::map<block_id, data::payload> blocks_;
  std::map<lineage::dataset_partition, data::payload> kept_;
};

} // namespace caf_stream::test
