#include "caf_stream/actors/receiver_tracker.hpp"

#include <map>
#include <set>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/ingest/rate_estimator.hpp"

namespace caf_stream::actors {

namespace {

struct receiver_tracker_state {
  static inline const char* name = "receiver_tracker";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  receiver_tracker_peers peers;
  std::set<stream_id> running;
  std::map<stream_id, ingest::rate_estimator> rates;
  bool stopping = false;
  bool at_once = false;

  void start() {
    for (auto& input : context->graph->inputs())
      if (input->receiver() != nullptr) {
        running.insert(input->stream());
        rates.emplace(input->stream(), estimator_options());
        post(self, *context, peers.agent, start_receiver{input->stream()},
             caf::actor_cast<caf::actor>(self));
      }
  }

  ingest::rate_estimator_options estimator_options() const {
    auto& pid = context->config.backpressure.pid;
    ingest::rate_estimator_options result;
    result.batch_interval = context->graph->batch_interval();
    result.proportional = pid.proportional;
    result.integral = pid.integral;
    result.derived = pid.derived;
    result.min_rate = pid.min_rate;
    return result;
  }

  void on_processed(const batch_processed& e) {
    for (auto& [stream, records] : e.records) {
      auto i = rates.find(stream);
      if (i == rates.end())
        continue; // it has no receiver
      auto rate = i->second.compute(e.end, records, e.processing_delay, e.scheduling_delay);
      if (rate)
        post(self, *context, peers.agent, set_rate{stream, *rate});
    }
  }

  void on_ended(const receiver_ended& e) {
    if (running.erase(e.stream) == 0)
      return;
    if (e.failure) {
      log::error(*e.failure);
      context->end.report(std::make_exception_ptr(error{errc::receiver_failed, *e.failure}));
      if (context->config.failure_policy == failure_policy::stop)
        post(self, *context, peers.root, stop_streams{true});
    }
    tell_if_all_ended();
  }

  void on_stop(bool gracefully) {
    stopping = true;
    at_once = !gracefully;
    for (auto stream : running)
      post(self, *context, peers.agent, end_receiver{stream, gracefully});
    tell_if_all_ended();
  }

  void tell_if_all_ended() {
    if (!stopping || !running.empty())
      return;
    if (!at_once) // else there is no last batch
      post(self, *context, peers.ledger, receivers_ended{}, peers.scheduler);
    post(self, *context, peers.root, receivers_ended{});
  }
};

} // namespace

caf::actor spawn_receiver_tracker(caf::actor_system& system, environment_ptr context,
                                  receiver_tracker_peers peers) {
  return system.spawn(
    [=](caf::stateful_actor<receiver_tracker_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.peers = peers;
      state.start();
      return {
        [self](const receiver_status& e) {
          auto& state = self->state;
          post(self, *state.context, state.peers.bus, e);
        },
        [self](const batch_processed& e) { self->state.on_processed(e); },
        [self](const receiver_ended& e) { self->state.on_ended(e); },
        [self](const stop_streams& e) { self->state.on_stop(e.gracefully); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
