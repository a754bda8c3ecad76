#include "caf_stream/actor_output.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include "caf_stream/actors/network_checks.hpp"

namespace caf_stream::detail {

void check_sink(const caf::actor& sink, const caf::message& partition) {
  actors::check_can_be_sent(sink, partition, "foreach_partition");
}

void hand_over(const caf::actor& sink, const output_id& id, caf::message partition,
               duration patience) {
  auto& system = sink.home_system();
  caf::scoped_actor self{system};
  caf::error failure;
  self->request(sink, patience, std::move(partition))
    .receive([] {}, [&](caf::error& e) { failure = std::move(e); });
  // An answer with something in it is one, too.
  if (!failure || failure == caf::sec::unexpected_response)
    return;
  auto what = "partition " + std::to_string(id.partition) + " of output " + id.output_uid;
  if (failure == caf::sec::request_timeout)
    throw error{errc::timed_out, "the actor did not answer " + what + " within " +
                                   std::to_string(patience.count()) + " ms"};
  throw error{errc::io_error, "the actor did not take " + what + ": " + system.render(failure)};
}

} // namespace caf_stream::detail
