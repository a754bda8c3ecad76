#include "caf_stream/actors/batch_scheduler.hpp"

#include <optional>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/base/log.hpp"
#include "caf_stream/batch/delay_watch.hpp"
#include "caf_stream/batch/scheduler_core.hpp"

namespace caf_stream::actors {

namespace {

struct batch_scheduler_state {
  static inline const char* name = "batch_scheduler";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  batch_scheduler_peers peers;
  caf::actor clock;
  caf::actor tracker; // with backpressure
  std::deque<caf::actor> idle_runners;
  std::optional<batch::scheduler_core> core;
  std::optional<batch::delay_watch> delays;
  batch_time deciding{};
  std::optional<batch_time> forgotten_through;
  bool last_tick_seen = false;
  std::optional<batch_time> last_time;

  void start() {
    core.emplace(context->config.concurrent_jobs, context->graph->ordered());
    delays.emplace(context->graph->batch_interval());
    post(self, *context, peers.bus, streaming_started{context->time->now()});
  }

  void on_tick(const tick& t) {
    core->on_due(t.time);
    if (t.last) {
      last_tick_seen = true;
      last_time = t.time;
    }
    step();
  }

  void on_decided(const batch_decided& decision) {
    core->on_cut();
    post(self, *context, peers.picker,
         pick_inputs{decision.time, decision.blocks, last_time == decision.time},
         caf::actor_cast<caf::actor>(self));
    step();
  }

  void on_picked(const inputs_picked& e) {
    std::vector<output_operation_info> outputs;
    for (auto number : context->graph->outputs_at(e.time)) {
      auto& output = context->graph->outputs()[number];
      output_operation_info info;
      info.id = number;
      info.name = output.name;
      info.description = output.description;
      outputs.push_back(std::move(info));
    }
    core->on_decided(e.time, context->time->now(), e.records, std::move(outputs));
    step();
  }

  // The last batch takes what no batch has; where there is nothing left, no batch is waited for.
  void on_receivers_ended(bool blocks_wait) {
    auto wanted = blocks_wait || context->graph->has_waiting_input();
    last_tick_seen = !wanted;
    post(self, *context, clock, last_tick{wanted});
    step();
  }

  // Does all that may be done now.
  void step() {
    if (auto t = core->next_to_decide())
      post(self, *context, peers.ledger, decide_batch{*t});
    tell_listeners();
    forget(); // before another job begins, which could take a step that what is kept depends on
    while (!idle_runners.empty() && !context->stopping_now) {
      auto job = core->next_job();
      if (!job)
        break;
      post(self, *context, idle_runners.front(), run_output{job->batch, job->output});
      idle_runners.pop_front();
    }
    if (last_tick_seen && core->unfinished() == 0) {
      last_tick_seen = false;
      post(self, *context, peers.root, batches_ended{});
    }
  }

  void tell_listeners() {
    for (auto& event : core->take_events())
      std::visit([this](auto& e) { tell(e); }, event);
  }

  void tell(batch::batch_submitted& e) {
    send_batch(batch_event::change::submitted, std::move(e.info));
  }

  void tell(batch::batch_started& e) {
    send_batch(batch_event::change::started, std::move(e.info));
  }

  void tell(batch::batch_completed& e) {
    context->graph->end_batch(e.info.batch_time, e.given_up);
    if (tracker)
      send_speed(e.info);
    auto t = e.info.batch_time;
    auto delay = e.info.total_delay.value();
    send_batch(batch_event::change::completed, std::move(e.info));
    watch_delay(t, delay);
    if (e.given_up && context->config.failure_policy == failure_policy::stop) {
      context->stopping_now = true; // no other output begins
      post(self, *context, peers.root, stop_streams{false});
    }
  }

  void tell(batch::output_operation_started& e) {
    post(self, *context, peers.bus,
         output_event{static_cast<std::uint8_t>(output_event::change::started), std::move(e.info)});
  }

  void tell(batch::output_operation_completed& e) {
    post(
      self, *context, peers.bus,
      output_event{static_cast<std::uint8_t>(output_event::change::completed), std::move(e.info)});
  }

  void send_batch(batch_event::change what, batch_info info) {
    post(self, *context, peers.bus, batch_event{static_cast<std::uint8_t>(what), std::move(info)});
  }

  void watch_delay(batch_time t, duration delay) {
    using change = batch::delay_watch::change;
    auto since = delays->since();
    auto seen = delays->on_batch(t, delay);
    if (seen == change::none)
      return;
    delay_info info{t, delay, context->graph->batch_interval(), since};
    if (seen == change::rising)
      log::warning("the total delay keeps rising: batch ", to_millis(t), " ms ended ",
                   delay.count(),
                   " ms after it was submitted; batches take longer than the "
                   "interval of ",
                   info.batch_interval.count(), " ms");
    else
      log::info("the total delay has recovered: ", delay.count(), " ms for batch ", to_millis(t),
                " ms");
    auto what =
      seen == change::rising ? delay_event::change::rising : delay_event::change::recovered;
    post(self, *context, peers.bus, delay_event{static_cast<std::uint8_t>(what), info});
  }

  void send_speed(const batch_info& info) {
    batch_processed message{info.processing_end_time.value(),
                            info.processing_delay.value(),
                            info.scheduling_delay.value(),
                            {}};
    for (auto& [stream, input] : info.stream_id_to_input_info)
      message.records[stream] = input.num_records;
    post(self, *context, tracker, std::move(message));
  }

  void forget() {
    auto through = core->ended_through();
    if (through == forgotten_through || !through)
      return;
    forgotten_through = through;
    auto gone = context->graph->clear_through(*through);
    forget_data message{*through, std::move(gone.blocks), std::move(gone.kept)};
    post(self, *context, peers.ledger, message);
    post(self, *context, peers.keeper, std::move(message));
  }
};

} // namespace

caf::actor spawn_batch_scheduler(caf::actor_system& system, environment_ptr context,
                                 batch_scheduler_peers peers) {
  return system.spawn(
    [=](caf::stateful_actor<batch_scheduler_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.peers = peers;
      state.start();
      return {
        [self](meet_clock, const caf::actor& clock) { self->state.clock = clock; },
        [self](meet_tracker, const caf::actor& tracker) { self->state.tracker = tracker; },
        [self](meet_runner, const caf::actor& runner) {
          self->state.idle_runners.push_back(runner);
          self->state.step();
        },
        [self](const tick& t) { self->state.on_tick(t); },
        [self](const batch_decided& decision) { self->state.on_decided(decision); },
        [self](const inputs_picked& e) { self->state.on_picked(e); },
        [self](const output_started& e) {
          self->state.core->on_output_started({e.time, e.output}, e.at);
          self->state.step();
        },
        [self](const output_finished& e) {
          auto& state = self->state;
          state.idle_runners.push_back(caf::actor_cast<caf::actor>(self->current_sender()));
          state.core->on_output_finished({e.time, e.output}, e.at, e.failure);
          state.step();
        },
        [self](const receivers_ended& e) { self->state.on_receivers_ended(e.waiting != 0); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
