#include "baseline_tick.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <future>

namespace caf_stream::bench {

namespace {

using std::chrono::steady_clock;

using tick_atom = caf::atom_constant<caf::atom("tick")>;
using task_atom = caf::atom_constant<caf::atom("task")>;
using done_atom = caf::atom_constant<caf::atom("done")>;

struct schedule {
  steady_clock::time_point start;
  std::chrono::milliseconds interval;
  std::uint64_t ticks;

  steady_clock::time_point due(std::uint64_t tick) const {
    return start + static_cast<std::int64_t>(tick) * interval;
  }
};

caf::behavior clock(caf::event_based_actor* self, schedule times, caf::actor scheduler) {
  self->scheduled_send(self, times.due(0), tick_atom::value, std::uint64_t{0});
  return {
    [=](tick_atom tick, std::uint64_t number) {
      self->send(scheduler, tick, number);
      if (number + 1 < times.ticks)
        self->scheduled_send(self, times.due(number + 1), tick, number + 1);
      else
        self->quit();
    },
  };
}

// What functions that become actors are given: CAF 0.17 forms a reference to a null tuple where
// they are given nothing.
struct nothing {};

caf::behavior worker(caf::event_based_actor*, nothing) {
  return {
    [](task_atom, std::uint64_t number) { return caf::make_message(done_atom::value, number); },
  };
}

struct scheduler_state {
  std::vector<caf::actor> workers;
  std::vector<unsigned> missing;
  tick_delays delays;
};

caf::behavior scheduler(caf::stateful_actor<scheduler_state>* self, schedule times,
                        unsigned workers, std::promise<tick_delays>* result) {
  auto& state = self->state;
  for (unsigned i = 0; i < workers; ++i)
    state.workers.push_back(self->spawn<caf::detached>(worker, nothing{}));
  state.missing.assign(times.ticks, workers);
  return {
    [=](tick_atom, std::uint64_t number) {
      for (auto& to : self->state.workers)
        self->send(to, task_atom::value, number);
    },
    [=](done_atom, std::uint64_t number) {
      auto& state = self->state;
      if (--state.missing[number] > 0)
        return;
      std::chrono::duration<double, std::micro> delay = steady_clock::now() - times.due(number);
      state.delays.push_back(delay.count());
      if (state.delays.size() == times.ticks) {
        for (auto& each : state.workers)
          self->send_exit(each, caf::exit_reason::user_shutdown);
        result->set_value(std::move(state.delays));
        self->quit();
      }
    },
  };
}

} // namespace

tick_delays bare_caf_ticks(std::size_t ticks, std::chrono::milliseconds interval,
                           unsigned workers) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system{config};
  schedule times{steady_clock::now() + std::chrono::milliseconds{50}, interval, ticks};
  std::promise<tick_delays> result;
  system.spawn(clock, times, system.spawn(scheduler, times, workers, &result));
  return result.get_future().get();
}

} // namespace caf_stream::bench
