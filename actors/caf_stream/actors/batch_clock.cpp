#include "caf_stream/actors/batch_clock.hpp"

#include <caf/actor_addr.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

// However far away the next tick is, the wall clock may be set in the meantime.
constexpr std::chrono::nanoseconds longest_wait = std::chrono::seconds{1};

struct batch_clock_state {
  static inline const char* name = "batch_clock";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  caf::actor scheduler;
  batch_time next{};
  bool finishing = false;
  manual_clock* manual = nullptr;
  std::uint64_t subscription = 0;

  ~batch_clock_state() {
    if (manual != nullptr)
      manual->unsubscribe(subscription);
  }

  void start() {
    auto interval = context->graph->batch_interval();
    next = context->graph->zero_time() + interval;
    manual = dynamic_cast<manual_clock*>(context->time.get());
    if (manual != nullptr) {
      auto address = self->address();
      subscription = manual->subscribe([address](batch_time) {
        if (auto clock = caf::actor_cast<caf::actor>(address))
          caf::anon_send(clock, look_at_clock{});
      });
    }
    look();
  }

  void look() {
    auto now = context->time->now();
    while (next <= now) {
      post(self, *context, scheduler, tick{next, finishing});
      next += context->graph->batch_interval();
      if (finishing) {
        self->quit();
        return;
      }
    }
    if (manual == nullptr)
      self->delayed_send(self, std::min(context->time->until(next), longest_wait), look_at_clock{});
  }

  void finish(bool wanted) {
    if (!wanted) {
      self->quit();
      return;
    }
    finishing = true;
    // Nobody may be left to move a manual clock: who stops a context waits for it to stop.
    if (manual != nullptr)
      manual->reach(next);
  }
};

} // namespace

caf::actor spawn_batch_clock(caf::actor_system& system, environment_ptr context,
                             caf::actor scheduler) {
  return system.spawn(
    [=](caf::stateful_actor<batch_clock_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.scheduler = scheduler;
      state.start();
      return {
        [self](look_at_clock) { self->state.look(); },
        [self](const last_tick& message) { self->state.finish(message.wanted); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
