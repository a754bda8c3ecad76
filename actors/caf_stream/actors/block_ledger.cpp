#include "caf_stream/actors/block_ledger.hpp"

#include <map>
#include <optional>
#include <set>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/ingest/ledger.hpp"

namespace caf_stream::actors {

namespace {

struct block_ledger_state {
  static inline const char* name = "block_ledger";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  ingest::block_ledger ledger;
  std::map<stream_id, caf::actor> generators;
  caf::actor scheduler; // asked for the decision under way
  std::optional<batch_time> deciding;
  std::set<stream_id> cutting; // generators that have not answered

  void on_ready(stream_id stream, const caf::actor& generator) {
    generators[stream] = generator;
    self->monitor(generator);
    // One that takes the place of a dead one has not been asked to cut; it is asked next time.
    answered(stream);
  }

  void on_gone(stream_id stream) {
    generators.erase(stream);
    answered(stream);
  }

  void on_down(const caf::actor_addr& who) {
    for (auto& [stream, generator] : generators)
      if (generator == who) {
        on_gone(stream);
        return;
      }
  }

  void decide(batch_time t, const caf::actor& asker) {
    deciding = t;
    scheduler = asker;
    for (auto& [stream, generator] : generators) {
      cutting.insert(stream);
      post(self, *context, generator, cut_block{t});
    }
    decide_if_all_answered();
  }

  void answered(stream_id stream) {
    if (cutting.erase(stream) != 0)
      decide_if_all_answered();
  }

  void decide_if_all_answered() {
    if (!deciding || !cutting.empty())
      return;
    auto t = *deciding;
    deciding.reset();
    post(self, *context, scheduler, batch_decided{t, ledger.decide(t)});
  }
};

} // namespace

caf::actor spawn_block_ledger(caf::actor_system& system, environment_ptr context) {
  return system.spawn(
    [=](caf::stateful_actor<block_ledger_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      auto sender = [self] { return caf::actor_cast<caf::actor>(self->current_sender()); };
      self->set_down_handler(
        [self](const caf::down_msg& down) { self->state.on_down(down.source); });
      return {
        [=](const generator_ready& e, const caf::actor& generator) {
          self->state.on_ready(e.stream, generator);
        },
        [=](const generator_done& e) { self->state.on_gone(e.stream); },
        [=](const block_added& e) { self->state.ledger.add(e.info); },
        [=](const cut_done& e) {
          if (self->state.deciding == e.time)
            self->state.answered(e.stream);
        },
        [=](const decide_batch& e) { self->state.decide(e.time, sender()); },
        [=](const forget_data& e) { self->state.ledger.forget_through(e.through); },
        [=](receivers_ended, const caf::actor& scheduler) {
          auto& state = self->state;
          post(self, *state.context, scheduler, receivers_ended{state.ledger.waiting_count()});
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
