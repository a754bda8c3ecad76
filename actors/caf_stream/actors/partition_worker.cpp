#include "caf_stream/actors/partition_worker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/exec/run_task.hpp"

namespace caf_stream::actors {

namespace {

struct partition_worker_state {
  static inline const char* name = "partition_worker";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  caf::actor keeper;
  present_ptr present;

  void run(const run_task& task, const caf::actor& asker) {
    auto job = context->jobs.find(task.id.job);
    if (job == nullptr)
      return; // ended meanwhile: nobody wants the answer
    own_thread_mark mark{*context};
    auto output = exec::run_task(*job, task.id, task.inputs);
    if (!output) {
      post(self, *context, asker, task_failed{task.id, output.error().what()});
      return;
    }
    if (!output->pieces.empty())
      post(self, *context, keeper, store_pieces{task.id, std::move(output->pieces)});
    if (output->kept.empty())
      post(self, *context, asker, task_done{task.id, std::move(output->result)});
    else
      post(self, *context, keeper,
           store_kept{{task.id, std::move(output->result)},
                      {output->kept.begin(), output->kept.end()}},
           asker);
  }
};

} // namespace

caf::actor spawn_partition_worker(caf::actor_system& system, environment_ptr context,
                                  caf::actor keeper) {
  auto present = std::make_shared<present_mark>(context);
  return system.spawn<caf::detached>(
    [=](caf::stateful_actor<partition_worker_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.keeper = keeper;
      state.present = present;
      return {
        [self](const run_task& task, const caf::actor& asker) { self->state.run(task, asker); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
