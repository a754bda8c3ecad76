// A program that already consists of actors gets a stream into and out of them:
//
//   sensors ──(sensor, degrees)──> stream ──(sensor, highest of the batch)──> guard
//
// The sensors and the guard know nothing of streams: they send and receive messages. The stream has
// the guard's highest temperature of each sensor computed, several times a second, in parallel.

#include <caf_stream/all.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

using temperature = std::pair<std::string, double>; // sensor, degrees
using temperatures = std::vector<temperature>;

constexpr int readings = 100;

// Sends its readings one after the other, each when the one before is stored.
caf::behavior sensor(caf::event_based_actor* self, std::string name, caf::actor readings_of) {
  auto send = [=](int n) {
    self->request(readings_of, caf::infinite, temperature{name, 20 + n * 7 % readings * 0.1})
      .then([=] {
        if (n + 1 < readings)
          self->send(self, n + 1);
        else
          self->quit();
      });
  };
  self->send(self, 0);
  return {[=](int n) { send(n); }};
}

struct guard_state {
  cs::output_inbox inbox; // drops what a task that was run again sends twice
  std::map<std::string, double> highest;
};

// Is sent what the stream has computed, and asked for the result.
caf::behavior guard(caf::stateful_actor<guard_state>* self, double limit) {
  return {
    [=](const cs::output_id& id, const temperatures& batch) {
      if (!self->state.inbox.take(id))
        return;
      for (auto& [sensor, degrees] : batch) {
        auto [known, first] = self->state.highest.try_emplace(sensor, degrees);
        auto& highest = known->second;
        if ((first || highest <= limit) && degrees > limit)
          std::printf("%s is too hot\n", sensor.c_str());
        highest = std::max(highest, degrees);
      }
    },
    [=](bool) {
      return temperatures{self->state.highest.begin(), self->state.highest.end()};
    },
  };
}

} // namespace

int main() {
  cs::config cfg;
  // Needed only where readings cross processes:
  cfg.add_message_type<temperature>("temperature");
  caf::actor_system system{cfg};

  auto watchman = system.spawn(guard, 29.0);
  cs::streaming_context ssc{system, 200ms};
  auto [measured, handle] = ssc.actor_stream<temperature>("temperatures");
  measured.reduce_by_key([](double a, double b) { return std::max(a, b); })
    .foreach_partition(watchman);
  ssc.start();

  caf::scoped_actor self{system};
  std::vector<caf::actor> sensors;
  for (auto name : {"cellar", "kitchen", "roof"})
    sensors.push_back(system.spawn(sensor, std::string{name}, handle));
  self->wait_for(sensors);

  ssc.stop(); // gracefully: what the sensors were told is stored has reached the guard then

  self->request(watchman, caf::infinite, true)
    .receive(
      [](const temperatures& highest) {
        for (auto& [sensor, degrees] : highest)
          std::printf("%s %.1f\n", sensor.c_str(), degrees);
      },
      [&](const caf::error& e) { std::fprintf(stderr, "%s\n", system.render(e).c_str()); });
  self->send_exit(watchman, caf::exit_reason::user_shutdown);
  return 0;
}
