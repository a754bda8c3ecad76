#include "caf_stream/exec/run_task.hpp"

#include <exception>
#include <optional>

#include "caf_stream/base/batch_mark.hpp"

namespace caf_stream::exec {

std::string describe_failure(const active_job& job, const task_id& id, std::string_view why) {
  std::string text = job.description;
  text += " of batch " + std::to_string(to_millis(job.time)) + " ms: partition " +
          std::to_string(id.partition) + " of " + job.plan.stages.at(id.stage).target->operation() +
          " failed (attempt " + std::to_string(id.attempt + 1) + "): ";
  text += why;
  return text;
}

namespace {

tl::unexpected<error> failure(const active_job& job, const task_id& id, std::string_view what) {
  return fail(errc::task_failed, describe_failure(job, id, what));
}

result<task_output> run_guarded(const active_job& job, const plan::stage& stage, const task_id& id,
                                lineage::task_context& context) {
  try {
    task_output output;
    auto records = context.open(*stage.target, id.partition);
    if (stage.output)
      output.pieces = stage.output->writer->write(*records, stage.output->partitions, context);
    else
      output.result = job.action(id.partition, *records, context);
    output.kept = context.take_kept();
    return output;
  } catch (const std::exception& e) {
    return failure(job, id, e.what());
  } catch (...) {
    return failure(job, id, "something that is not a std::exception was thrown");
  }
}

} // namespace

result<task_output> run_task(const active_job& job, const task_id& id, lineage::task_inputs inputs,
                             std::vector<lineage::dataset_partition>* lost) {
  auto& stage = job.plan.stages.at(id.stage);
  std::optional<batch_mark> mark;
  if (job.time != batch_time{}) // jobs outside of batches have no time
    mark.emplace(job.time);
  lineage::task_context context{id, job.time, job.seed, std::move(inputs), job.states};
  auto output = run_guarded(job, stage, id, context);
  if (lost != nullptr)
    *lost = context.take_lost();
  return output;
}

} // namespace caf_stream::exec
