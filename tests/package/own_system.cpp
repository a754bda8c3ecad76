// A program with an actor system of its own, whose actors may be on other nodes, adds up what it
// sends to a stream, and prints the sum.

#include <caf_stream/all.hpp>
#include <caf_stream/receivers/socket_text.hpp>

#include <cstdio>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

struct options : caf::actor_system_config {
  options() {
    load<caf::io::middleman>();
    cs::add_message_types(*this);
    set("middleman.heartbeat-interval", caf::timespan{1s});
    set("middleman.connection-timeout", caf::timespan{5s});
  }
};

} // namespace

int main() {
  if (cs::receivers::socket_text_source("localhost", 9999) == nullptr)
    return 1;

  std::atomic<int> sum{0};
  options cfg;
  caf::actor_system system{cfg};
  cs::streaming_context ssc{system, 20ms};
  auto [numbers, handle] = ssc.actor_stream<int>("numbers");
  numbers.foreach_rdd([&](const cs::rdd<int>& batch) { sum += batch.fold(0, std::plus{}); });
  ssc.start();

  caf::scoped_actor self{system};
  auto code = 0;
  for (int n = 1; n <= 100; ++n)
    self->request(handle, 10s, n).receive([] {}, [&](const caf::error&) { code = 1; });
  ssc.stop();
  std::printf("%d\n", sum.load());
  return code;
}
