#include "caf_stream/actors/receiver_supervisor.hpp"

#include <unistd.h>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/block_generator.hpp"
#include "caf_stream/actors/offspring.hpp"
#include "caf_stream/actors/post.hpp"
#include "caf_stream/actors/receiver_actor.hpp"
#include "caf_stream/ingest/restart_policy.hpp"

namespace caf_stream::actors {

namespace {

std::string host_name() {
  char buffer[256] = {};
  return ::gethostname(buffer, sizeof buffer - 1) == 0 ? buffer : "localhost";
}

//  starting --begun--> running --restart, failure--> ending --> waiting --delay--> starting
//     |                   |                            |           |
//     +---- stop ---------+------------------------> ending        |
//                                                      |           |
//                                                      +-> draining <-- stop, given up
enum class phase { starting, running, ending, waiting, draining };

// How often a supervisor that takes over looks whether the receiver of the one before has ended.
constexpr std::chrono::milliseconds look_around{10};

struct receiver_supervisor_state {
  static inline const char* name = "receiver_supervisor";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  const ingest::receiver_source* source = nullptr;
  std::shared_ptr<stream_intake> intake;
  receiver_supervisor_peers peers;
  std::optional<ingest::restart_policy> policy;

  phase now = phase::waiting;
  offspring children;
  std::shared_ptr<receiver_life> life; // of the present or the last receiver
  caf::actor receiver;
  caf::actor generator;
  bool finishing = false; // end for good once the receiver has ended
  bool drain = true;
  std::optional<std::string> given_up;
  std::optional<duration> asked_delay;
  std::vector<receiver_request> early; // of threads of a receiver whose on_start has not returned
  receiver_info info;
  std::uint64_t received_at_start = 0; // records of the stream, when this receiver began
  std::uint64_t received_before = 0;   // and at the last look for one that hangs

  void start() {
    info.stream_id = intake->stream();
    info.name = source->kind() + "-" + std::to_string(intake->stream());
    info.location = host_name();
    info.executor_id = std::to_string(context->node);
    auto& config = context->config.receiver;
    ingest::restart_options options;
    options.first_delay = config.restart_delay;
    options.longest_delay = std::max(options.longest_delay, config.restart_delay);
    options.max_restarts = config.max_restarts;
    options.window = config.restart_window;
    policy.emplace(options, ingest::make_random_source());
    children.begin(self, context);
    intake->connect(caf::actor_cast<caf::actor>(self));
    start_generator();
    start_receiver();
    watch_idle();
  }

  void start_generator() {
    generator = spawn_block_generator(self->system(), context, intake, peers.keeper, peers.ledger);
    children.add(generator, "block_generator");
    // Before a receiver begins: what it has stored when the clock ticks belongs to that batch.
    post(self, *context, peers.ledger, generator_ready{intake->stream()}, generator);
    intake->connect_generator(generator);
  }

  void start_receiver() {
    auto number = intake->begin_life();
    if (number == 0) {
      start_later(look_around);
      return;
    }
    received_at_start = intake->received();
    now = phase::starting;
    life = std::make_shared<receiver_life>(context, intake, number);
    receiver =
      spawn_receiver(self->system(), context, *source, life, caf::actor_cast<caf::actor>(self));
    children.add(receiver, "receiver");
    post(self, *context, receiver, begin_receiving{});
  }

  void start_later(duration delay) {
    now = phase::waiting;
    self->delayed_send(self, delay, start_again{life == nullptr ? 0 : life->number()});
  }

  void on_start_again(std::uint64_t after) {
    if (now == phase::waiting && after == (life == nullptr ? 0 : life->number()))
      start_receiver();
  }

  void on_begun(const std::optional<std::string>& failure) {
    if (failure) {
      fail("could not be started", *failure);
      if (now == phase::starting)
        end_receiver();
    } else {
      if (now == phase::starting)
        now = phase::running; // else it has been told to end meanwhile
      policy->started(wall_clock());
      info.active = true;
      tell(receiver_status::change::started);
    }
    for (auto& e : std::exchange(early, {}))
      on_request(e);
  }

  void on_request(const receiver_request& e) {
    if (life == nullptr || e.incarnation != life->number())
      return;
    if (now == phase::starting) {
      early.push_back(e);
      return;
    }
    switch (static_cast<receiver_request::kind>(e.what)) {
    case receiver_request::kind::report_error:
      fail(e.text, e.text);
      return;
    case receiver_request::kind::restart:
      if (now != phase::running)
        return;
      fail("restarts: " + e.text, e.text);
      asked_delay = e.delay;
      end_receiver();
      return;
    case receiver_request::kind::stop:
      info.last_error_message = e.text;
      finishing = true;
      if (now == phase::waiting)
        drain_generator_now();
      else if (now != phase::ending && now != phase::draining)
        end_receiver();
      return;
    }
  }

  // The owner wants the end.
  void on_end(bool with_drain) {
    drain = with_drain;
    if (finishing && now == phase::draining && !drain)
      post(self, *context, generator, drain_generator{false});
    finishing = true;
    if (now == phase::starting || now == phase::running)
      end_receiver();
    else if (now == phase::waiting)
      drain_generator_now();
    else if (now == phase::ending && !drain)
      life->end(true);
  }

  void end_receiver() {
    now = phase::ending;
    // A receiver that ends for good may store to the last; one that is replaced need not.
    life->end(!finishing || !drain);
    post(self, *context, receiver, end_receiving{});
  }

  void on_ended(const std::optional<std::string>& failure) {
    if (failure)
      fail("threw while it was stopped", *failure);
    receiver_gone();
  }

  void receiver_gone() {
    receiver = nullptr;
    early.clear();
    info.active = false;
    if (finishing) {
      drain_generator_now();
      return;
    }
    auto delay = policy->ended(wall_clock(), std::exchange(asked_delay, std::nullopt));
    if (!delay) {
      given_up = "receiver " + info.name + " was given up after " +
                 std::to_string(context->config.receiver.max_restarts) + " restarts within " +
                 std::to_string(context->config.receiver.restart_window.count()) +
                 " ms; the last error was: " + info.last_error;
      finishing = true;
      drain_generator_now();
      return;
    }
    log::info("receiver ", info.name, " starts again in ", delay->count(), " ms");
    start_later(*delay);
  }

  void drain_generator_now() {
    now = phase::draining;
    intake->close();
    post(self, *context, generator, drain_generator{drain});
  }

  void on_drained() {
    tell(receiver_status::change::stopped);
    post(self, *context, peers.tracker, receiver_ended{intake->stream(), given_up});
    self->quit();
  }

  void on_down(const caf::down_msg& down) {
    children.remove(down);
    if (generator == down.source) {
      if (now == phase::draining && !down.reason)
        return;
      log::warning("the block generator of ", info.name, " died and is replaced");
      start_generator();
      if (now == phase::draining)
        post(self, *context, generator, drain_generator{drain});
    } else if (receiver == down.source) {
      if (down.reason)
        fail("its actor died", to_string(down.reason));
      if (receiver)
        receiver_gone();
    }
  }

  void watch_idle() {
    if (context->config.receiver.idle_timeout)
      self->delayed_send(self, *context->config.receiver.idle_timeout, look_at_clock{});
  }

  void look_for_hang() {
    auto received = intake->received();
    // One that has never received anything may wait for a source that is absent.
    if (now == phase::running && received == received_before && received != received_at_start &&
        !intake->has_waiting_producer()) {
      fail("no records for " + std::to_string(context->config.receiver.idle_timeout->count()) +
             " ms",
           "idle");
      end_receiver();
    }
    received_before = received;
    watch_idle();
  }

  void fail(const std::string& message, const std::string& cause) {
    log::warning("receiver ", info.name, ": ", message, message == cause ? "" : ": ",
                 message == cause ? "" : cause);
    info.last_error_message = message;
    info.last_error = cause;
    info.last_error_time = context->time->now();
    tell(receiver_status::change::error);
  }

  void tell(receiver_status::change what) {
    post(self, *context, peers.tracker, receiver_status{static_cast<std::uint8_t>(what), info});
  }

  // Restarts are paced by real time, whatever clock batches live by.
  static batch_time wall_clock() { return default_clock()->now(); }
};

} // namespace

caf::actor spawn_receiver_supervisor(caf::actor_system& system, environment_ptr context,
                                     const ingest::receiver_source& source,
                                     std::shared_ptr<stream_intake> intake,
                                     receiver_supervisor_peers peers) {
  auto* made_by = &source;
  return system.spawn(
    [=](caf::stateful_actor<receiver_supervisor_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.source = made_by;
      state.intake = intake;
      state.peers = peers;
      self->set_down_handler([self](const caf::down_msg& down) { self->state.on_down(down); });
      self->set_exit_handler([self](const caf::exit_msg& exit) {
        if (exit.reason)
          self->quit(exit.reason);
      });
      state.start();
      return {
        [self](const receiving_begun& e) { self->state.on_begun(e.failure); },
        [self](const receiving_ended& e) { self->state.on_ended(e.failure); },
        [self](const receiver_request& e) { self->state.on_request(e); },
        [self](const start_again& e) { self->state.on_start_again(e.incarnation); },
        [self](const end_receiver& e) { self->state.on_end(e.drain); },
        [self](const generator_drained&) { self->state.on_drained(); },
        [self](look_at_clock) { self->state.look_for_hang(); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
