#include "caf_stream/exec/run_task.hpp"

#include <exception>
#include <optional>

#include "caf_stream/base/batch_mark.hpp"

namespace caf_stream::exec {

namespace {

tl::unexpected<error> failure(const active_job& job, const plan::stage& stage, const task_id& id,
                              std::string_view what) {
  std::string text = job.description;
  text += " of batch " + std::to_string(to_millis(job.time)) + " ms: partition " +
          std::to_string(id.partition) + " of " + stage.target->operation() + " failed (attempt " +
          std::to_string(id.attempt + 1) + "): ";
  text += what;
  return fail(errc::task_failed, text);
}

} // namespace

result<task_output> run_task(const active_job& job, const task_id& id,
                             lineage::task_inputs inputs) {
  auto& stage = job.plan.stages.at(id.stage);
  std::optional<batch_mark> mark;
  if (job.time != batch_time{}) // jobs outside of batches have no time
    mark.emplace(job.time);
  lineage::task_context context{id, job.time, job.seed, std::move(inputs)};
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
    return failure(job, stage, id, e.what());
  } catch (...) {
    return failure(job, stage, id, "something that is not a std::exception was thrown");
  }
}

} // namespace caf_stream::exec
