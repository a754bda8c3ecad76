#include "caf_stream/actors/root_supervisor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/batch_clock.hpp"
#include "caf_stream/actors/batch_scheduler.hpp"
#include "caf_stream/actors/block_keeper.hpp"
#include "caf_stream/actors/block_ledger.hpp"
#include "caf_stream/actors/input_picker.hpp"
#include "caf_stream/actors/job_runner.hpp"
#include "caf_stream/actors/listener_bus.hpp"
#include "caf_stream/actors/node_agent.hpp"
#include "caf_stream/actors/offspring.hpp"
#include "caf_stream/actors/post.hpp"
#include "caf_stream/actors/receiver_tracker.hpp"

namespace caf_stream::actors {

namespace {

// User code cannot be made to return; after this long the context ends without it.
constexpr std::chrono::seconds patience{2};

//  idle --begin--> running --stop gracefully--> finishing --> ending --> closing --> leaving
//   |                 |                            |            ^
//   +-----------------+- stop at once, failure ----+------------+
//
//  finishing: receivers end, batches are finished    ending: all actors but the bus are told to end
//  closing: the bus tells listeners of it            leaving: user code that still runs is waited
//  for
enum class phase : std::uint8_t { idle, running, finishing, ending, closing, leaving };

struct root_supervisor_state {
  static inline const char* name = "root_supervisor";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  phase now = phase::idle;
  caf::actor bus;
  caf::actor ledger;
  caf::actor keeper;
  caf::actor tracker;
  caf::actor agent;
  offspring children; // the bus is the last to end
  offspring bus_child;
  bool at_once = false;
  bool hangs = false; // an actor did not end in time

  void start() {
    auto& system = self->system();
    children.begin(self, context);
    bus = spawn_listener_bus(system, context);
    bus_child.begin(self, context);
    bus_child.add(bus, "listener_bus");
    ledger = spawn_block_ledger(system, context);
    children.add(ledger, "block_ledger");
    keeper = spawn_block_keeper(system, context);
    context->roster.put_keeper(keeper);
    agent = spawn_node_agent(system, context, keeper, ledger, bus);
    children.add(agent, "node_agent");
  }

  void begin_streams() {
    if (now != phase::idle)
      return;
    now = phase::running;
    auto& system = self->system();
    auto me = caf::actor_cast<caf::actor>(self);
    auto picker = spawn_input_picker(system, context);
    children.add(picker, "input_picker");
    auto scheduler = spawn_batch_scheduler(system, context, {ledger, keeper, picker, bus, me});
    children.add(scheduler, "batch_scheduler");
    for (std::size_t i = 0; i < context->config.concurrent_jobs; ++i) {
      auto runner = spawn_job_runner(system, context, scheduler);
      children.add(runner, "job_runner");
      post(self, *context, scheduler, meet_runner{}, runner);
    }
    tracker = spawn_receiver_tracker(system, context, {agent, ledger, scheduler, bus, me});
    children.add(tracker, "receiver_tracker");
    if (context->config.backpressure.enabled)
      post(self, *context, scheduler, meet_tracker{}, tracker);
    auto clock = spawn_batch_clock(system, context, scheduler);
    children.add(clock, "batch_clock");
    post(self, *context, scheduler, meet_clock{}, clock);
  }

  void on_stop(const stop_streams& e) {
    if (!e.gracefully) {
      stop_at_once();
    } else if (now == phase::idle) {
      end_children();
    } else if (now == phase::running) {
      now = phase::finishing;
      post(self, *context, tracker, stop_streams{true, std::nullopt});
    }
    if (e.gracefully && e.timeout && !at_once)
      self->delayed_send(self, *e.timeout, patience_over{0});
  }

  void on_timeout() {
    if (at_once)
      return;
    log::warning("the graceful stop took too long; stopping at once");
    stop_at_once();
  }

  // Receivers are given the time to let go of their sources.
  void stop_at_once() {
    at_once = true;
    context->stopping_now = true;
    if (now == phase::idle) {
      end_children();
    } else if (now == phase::running || now == phase::finishing) {
      now = phase::finishing;
      post(self, *context, tracker, stop_streams{false, std::nullopt});
    }
    be_patient();
  }

  // From now on the present phase may only take so long.
  void be_patient() {
    self->delayed_send(self, patience, patience_over{static_cast<std::uint8_t>(now)});
  }

  void on_patience_over(phase with) {
    if (with != now)
      return;
    if (now == phase::finishing) {
      end_children();
    } else if (now == phase::ending) {
      hangs = true;
      close_bus_now();
    } else if (now == phase::closing || now == phase::leaving) {
      end();
    }
  }

  void on_receivers_ended() {
    if (at_once && now == phase::finishing)
      end_children();
  }

  void on_batches_ended() {
    if (now == phase::finishing && !at_once)
      end_children();
  }

  void end_children() {
    now = phase::ending;
    context->stopping_now = true;
    context->roster.close();
    children.end_all();
    be_patient();
    if (children.empty())
      close_bus_now();
  }

  // Listeners that are slow are told everything, unless there is a hurry.
  void close_bus_now() {
    now = phase::closing;
    if (!bus) {
      leave();
      return;
    }
    post(self, *context, bus, close_bus{});
    if (at_once)
      be_patient();
  }

  void leave() {
    now = phase::leaving;
    if (hangs) {
      end();
      return;
    }
    be_patient();
    auto address = self->address();
    context->user_code.when_empty([address, context = context] {
      if (auto root = caf::actor_cast<caf::actor>(address))
        post_anonymously(*context, root, user_code_ended{});
    });
  }

  void on_down(const caf::down_msg& down) {
    auto role = children.remove(down);
    if (role.empty())
      role = bus_child.remove(down);
    if (role.empty())
      return;
    if (role == "listener_bus")
      bus = nullptr;
    if (now == phase::closing && !bus)
      leave();
    else if (now == phase::ending && children.empty())
      close_bus_now();
    if (now >= phase::ending)
      return;
    if (role == "batch_clock" && !down.reason)
      return; // it has sent its last tick
    context->report_death(role, to_string(down.reason));
    at_once = true;
    end_children();
  }

  void end() {
    children.end_all(caf::exit_reason::kill);
    bus_child.end_all(caf::exit_reason::kill);
    context->close();
    self->quit();
  }
};

} // namespace

caf::actor spawn_root_supervisor(caf::actor_system& system, environment_ptr context) {
  return system.spawn(
    [=](caf::stateful_actor<root_supervisor_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      self->set_down_handler([self](const caf::down_msg& down) { self->state.on_down(down); });
      self->set_exit_handler([](const caf::exit_msg&) {
        // Deaths of children come as down messages, and nobody owns the root.
      });
      state.start();
      return {
        [self](begin_streams) { self->state.begin_streams(); },
        [self](const stop_streams& e) { self->state.on_stop(e); },
        [self](const records_lost& e) {
          auto& state = self->state;
          if (state.bus)
            post(self, *state.context, state.bus, e);
        },
        [self](const receivers_ended&) { self->state.on_receivers_ended(); },
        [self](batches_ended) { self->state.on_batches_ended(); },
        [self](const patience_over& e) {
          if (e.with == 0)
            self->state.on_timeout();
          else
            self->state.on_patience_over(static_cast<phase>(e.with));
        },
        [self](user_code_ended) {
          if (self->state.now == phase::leaving)
            self->state.end();
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
