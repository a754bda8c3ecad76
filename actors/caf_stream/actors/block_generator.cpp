#include "caf_stream/actors/block_generator.hpp"

#include <optional>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

struct block_generator_state {
  static inline const char* name = "block_generator";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  std::shared_ptr<stream_intake> intake;
  std::uint64_t shift = 0;
  caf::actor keeper;
  caf::actor ledger;
  std::optional<data::block_info> storing; // sent to the keeper, not kept yet
  bool waits_for_room = false;
  std::optional<batch_time> cutting; // a tick waits for the blocks up to `cut_through`
  block_id cut_through;
  caf::actor draining_for;

  void start() {
    shift = intake->begin_shift();
    look_again();
    store_next();
  }

  void look_again() { self->delayed_send(self, context->config.block_interval, look_at_clock{}); }

  void store_next() {
    if (storing)
      return;
    if (auto entry = intake->front(shift)) {
      storing = entry->info;
      post(self, *context, keeper,
           store_block{entry->info, std::move(entry->block), intake->level()});
    } else if (draining_for) {
      post(self, *context, ledger, generator_done{intake->stream()});
      post(self, *context, draining_for, generator_drained{intake->stream()});
      self->quit();
    }
  }

  void on_stored(const block_id& id) {
    if (!storing || storing->id != id)
      return;
    if (intake->front_done(shift, id))
      post(self, *context, ledger, block_added{*storing});
    storing.reset();
    waits_for_room = false;
    if (id == cut_through)
      answer_cut();
    if (draining_for)
      intake->cut(shift);
    store_next();
  }

  void on_waits(const block_id& id) {
    if (!storing || storing->id != id)
      return;
    waits_for_room = true;
    answer_cut();
  }

  // A receiver goes on storing meanwhile: what comes after the cut is not waited for, or a fast one
  // would hold the batch up for ever.
  void on_cut(batch_time t) {
    cutting = t;
    if (waits_for_room) {
      answer_cut();
    } else if (auto last = intake->cut(shift)) {
      cut_through = *last;
      store_next();
    } else {
      answer_cut();
    }
  }

  void on_interval() {
    look_again();
    if (storing)
      return;
    intake->cut(shift);
    store_next();
  }

  void answer_cut() {
    if (!cutting)
      return;
    post(self, *context, ledger, cut_done{intake->stream(), *cutting});
    cutting.reset();
  }

  void on_drain(bool drain, const caf::actor& asker) {
    draining_for = asker;
    if (!drain) {
      if (auto records = intake->drop_all(shift); records > 0)
        intake->report_loss(records, "the context was stopped at once");
      storing.reset();
    }
    intake->cut(shift);
    store_next();
  }
};

} // namespace

caf::actor spawn_block_generator(caf::actor_system& system, environment_ptr context,
                                 std::shared_ptr<stream_intake> intake, caf::actor keeper,
                                 caf::actor ledger) {
  return system.spawn(
    [=](caf::stateful_actor<block_generator_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.intake = intake;
      state.keeper = keeper;
      state.ledger = ledger;
      state.start();
      return {
        [self](block_ready) { self->state.store_next(); },
        [self](look_at_clock) { self->state.on_interval(); },
        [self](const cut_block& e) { self->state.on_cut(e.time); },
        [self](const block_stored& e) { self->state.on_stored(e.id); },
        [self](const block_waits& e) { self->state.on_waits(e.id); },
        [self](const drain_generator& e) {
          self->state.on_drain(e.drain, caf::actor_cast<caf::actor>(self->current_sender()));
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
