#include "caf_stream/actors/partition_worker.hpp"

#include <optional>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/base/home_cpu.hpp"
#include "caf_stream/exec/run_task.hpp"

namespace caf_stream::actors {

namespace {

struct partition_worker_state {
  static inline const char* name = "partition_worker";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  caf::actor keeper;
  std::uint32_t slot = 0;
  present_ptr present;
  std::optional<home_cpu> home;

  // Only where workers take all processors do they need homes: else one that wakes finds another
  // idle one.
  void start() {
    if (auto cpus = usable_cpus(); cpus > 1 && context->config.workers >= cpus)
      home.emplace(slot).enter();
  }

  void run_away_from_home(const run_task& task, const caf::actor& asker) {
    if (home)
      home->leave();
    run(task, asker);
    if (home)
      home->enter();
  }

  void run(const run_task& task, const caf::actor& asker) {
    auto job = context->jobs.find(task.id.job);
    if (job == nullptr)
      return; // ended meanwhile: nobody wants the answer
    if (!context->tasks.begin(self->id(), task.id, asker))
      return; // another one is in this place
    own_thread_mark mark{*context};
    std::vector<lineage::dataset_partition> lost;
    auto output = exec::run_task(*job, task.id, task.inputs, &lost);
    if (!context->tasks.end(self->id()))
      return; // it took too long, and is run again elsewhere
    if (!lost.empty())
      forget_lost(lost);
    if (!output) {
      post(self, *context, asker, task_failed{task.id, output.error().what(), !lost.empty()});
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

  // Before anybody plans again.
  void forget_lost(const std::vector<lineage::dataset_partition>& lost) {
    for (auto& partition : lost)
      context->kept.remove(partition);
    post(self, *context, keeper, lose_kept{lost});
  }
};

} // namespace

caf::actor spawn_partition_worker(caf::actor_system& system, environment_ptr context,
                                  caf::actor keeper, std::uint32_t slot) {
  auto present = std::make_shared<present_mark>(context);
  return system.spawn<caf::detached>(
    [=](caf::stateful_actor<partition_worker_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.keeper = keeper;
      state.slot = slot;
      state.present = present;
      state.start();
      return {
        [self](const run_task& task, const caf::actor& asker) {
          self->state.run_away_from_home(task, asker);
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
