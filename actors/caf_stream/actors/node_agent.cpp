#include "caf_stream/actors/node_agent.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/block_spiller.hpp"
#include "caf_stream/actors/offspring.hpp"
#include "caf_stream/actors/partition_worker.hpp"
#include "caf_stream/actors/post.hpp"
#include "caf_stream/actors/receiver_supervisor.hpp"
#include "caf_stream/exec/run_task.hpp"

namespace caf_stream::actors {

namespace {

struct node_agent_state {
  static inline const char* name = "node_agent";

  struct receiving {
    std::shared_ptr<stream_intake> intake;
    caf::actor supervisor;
    caf::actor tracker;
    std::optional<end_receiver> ending; // it was told to; so is one that takes its place
  };

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  caf::actor keeper;
  caf::actor ledger;
  caf::actor bus;
  offspring children;
  std::map<stream_id, receiving> streams;

  void start() {
    children.begin(self, context);
    children.add(keeper, "block_keeper");
    start_spiller();
    for (std::uint32_t slot = 0; slot < context->config.workers; ++slot)
      start_worker(slot);
    look_at_tasks();
  }

  void start_spiller() {
    auto spiller = spawn_block_spiller(self->system(), context, keeper);
    children.add(spiller, "block_spiller");
    post(self, *context, keeper, spiller_ready{}, spiller);
  }

  void start_worker(std::uint32_t slot) {
    auto worker = spawn_partition_worker(self->system(), context, keeper, slot);
    children.add(worker, "partition_worker");
    post(self, *context, keeper, worker_ready{slot}, worker);
    context->roster.put_worker(slot, worker);
  }

  // Tasks that take longer than the deadline have failed.
  void look_at_tasks() {
    if (!context->config.task.deadline)
      return;
    auto deadline = *context->config.task.deadline;
    for (auto& task : context->tasks.begun_before(std::chrono::steady_clock::now() - deadline))
      if (context->tasks.retire(task))
        replace_worker(task, deadline);
    self->delayed_send(self, std::clamp(deadline / 8, duration{1}, duration{1000}),
                       look_at_clock{});
  }

  void replace_worker(const task_watch::running_task& task, duration deadline) {
    // Told first: who looks for workers then knows that it is no loss.
    auto why = "it ran longer than task.deadline, " + std::to_string(deadline.count()) + " ms";
    if (auto job = context->jobs.find(task.id.job)) {
      why = exec::describe_failure(*job, task.id, why);
      log::warning(why, "; its worker is replaced");
    }
    post(self, *context, task.asker, task_failed{task.id, std::move(why)});
    for (std::uint32_t slot = 0; slot < context->roster.size(); ++slot) {
      auto worker = context->roster.worker(slot);
      if (!worker || worker.id() != task.worker)
        continue;
      start_worker(slot);
      caf::anon_send_exit(worker, caf::exit_reason::kill); // as soon as the task returns
    }
  }

  void on_start_receiver(stream_id stream, const caf::actor& tracker) {
    auto& input = context->graph->inputs().at(static_cast<std::size_t>(stream));
    auto& entry = streams[stream];
    entry.intake = std::make_shared<stream_intake>(context, *input->receiver(), stream);
    entry.intake->connect_bus(bus);
    entry.tracker = tracker;
    start_supervisor(stream, entry);
  }

  void start_supervisor(stream_id stream, receiving& entry) {
    auto& input = context->graph->inputs().at(static_cast<std::size_t>(stream));
    entry.supervisor = spawn_receiver_supervisor(self->system(), context, *input->receiver(),
                                                 entry.intake, {keeper, ledger, entry.tracker});
    children.add(entry.supervisor, "receiver_supervisor");
    if (entry.ending)
      post(self, *context, entry.supervisor, *entry.ending);
  }

  void on_set_rate(const set_rate& e) {
    auto i = streams.find(e.stream);
    if (i != streams.end())
      i->second.intake->limiter()->update(e.rate);
  }

  void on_end_receiver(const end_receiver& e) {
    auto i = streams.find(e.stream);
    if (i == streams.end() || !i->second.supervisor)
      return;
    i->second.ending = e;
    post(self, *context, i->second.supervisor, e);
  }

  void on_down(const caf::down_msg& down) {
    auto role = children.remove(down);
    context->tasks.forget(down.source.id());
    if (role == "block_keeper") {
      context->report_death(role, to_string(down.reason));
      self->quit(down.reason);
      return;
    }
    if (role == "block_spiller") {
      log::warning("the block spiller died and is replaced");
      start_spiller();
      return;
    }
    for (std::uint32_t slot = 0; slot < context->roster.size(); ++slot)
      if (context->roster.worker(slot) == down.source) {
        log::warning("partition worker ", slot, " died and is replaced");
        start_worker(slot);
        return;
      }
    for (auto& [stream, entry] : streams)
      if (entry.supervisor == down.source) {
        entry.supervisor = nullptr;
        if (down.reason) {
          log::warning("the supervisor of receiver ", stream, " died and is replaced");
          start_supervisor(stream, entry);
        }
        return;
      }
  }
};

} // namespace

caf::actor spawn_node_agent(caf::actor_system& system, environment_ptr context, caf::actor keeper,
                            caf::actor ledger, caf::actor bus) {
  return system.spawn(
    [=](caf::stateful_actor<node_agent_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.keeper = keeper;
      state.ledger = ledger;
      state.bus = bus;
      self->set_down_handler([self](const caf::down_msg& down) { self->state.on_down(down); });
      self->set_exit_handler([self](const caf::exit_msg& exit) {
        if (exit.reason)
          self->quit(exit.reason);
      });
      state.start();
      return {
        [self](const start_receiver& e, const caf::actor& tracker) {
          self->state.on_start_receiver(e.stream, tracker);
        },
        [self](look_at_clock) { self->state.look_at_tasks(); },
        [self](const set_rate& e) { self->state.on_set_rate(e); },
        [self](const end_receiver& e) { self->state.on_end_receiver(e); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
