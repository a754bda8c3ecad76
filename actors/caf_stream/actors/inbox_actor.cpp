#include "caf_stream/actors/inbox_actor.hpp"

#include <deque>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

using verdict = ingest::inbox_receipt::verdict;

caf::error refusal(const std::string& why) { return caf::make_error(caf::sec::runtime_error, why); }

struct inbox_actor_state {
  static inline const char* name = "inbox_actor";

  caf::event_based_actor* self = nullptr;
  std::shared_ptr<ingest::record_inbox> inbox;
  offer_message offer;
  duration pause{}; // between reports of losses
  std::string stream;
  std::deque<std::pair<std::uint64_t, caf::response_promise>> promises; // tickets ascend
  bool losses_told = false; // a moment ago; the next ones are told together

  ~inbox_actor_state() {
    if (inbox == nullptr)
      return;
    inbox->close();
    answer_all_ended();
  }

  caf::result<caf::message> on_message(caf::message message) {
    auto request = self->current_message_id().is_request();
    auto receipt = offer(message, request);
    if (!receipt) {
      if (!request)
        log::warning("the actor stream ", stream,
                     " was sent what is no record of its type: ", to_string(message));
      return caf::make_error(caf::sec::unexpected_message,
                             "the actor stream " + stream + " has records of another type");
    }
    switch (receipt->what) {
    case verdict::refused:
      return refusal(receipt->why);
    case verdict::taken:
      if (request) {
        promises.emplace_back(receipt->ticket, self->make_response_promise());
        // It may have been stored before the promise was there.
        on_change();
        return caf::delegated<caf::message>{};
      }
      break;
    case verdict::stored:
    case verdict::dropped:
      break;
    }
    return caf::message{};
  }

  void on_change() {
    auto through = inbox->stored_through();
    for (; !promises.empty() && promises.front().first <= through; promises.pop_front())
      promises.front().second.deliver(caf::unit);
    if (!losses_told) {
      losses_told = inbox->report_losses();
      if (losses_told)
        self->delayed_send(self, pause, look_at_clock{});
    }
    if (inbox->ended()) {
      answer_all_ended();
      self->quit();
    }
  }

  void answer_all_ended() {
    for (auto& [ticket, promise] : promises)
      promise.deliver(refusal("the stream " + stream + " ended before the records were stored"));
    promises.clear();
  }
};

} // namespace

caf::actor spawn_inbox_actor(caf::actor_system& system, environment_ptr context,
                             std::shared_ptr<ingest::record_inbox> inbox, offer_message offer,
                             std::string name) {
  auto pause = context->config.block_interval;
  // Not the context itself, which has the graph and outlives it only as long as it must.
  auto handle = system.spawn(
    [inbox, offer, name, pause](caf::stateful_actor<inbox_actor_state>* self,
                                no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.pause = pause;
      state.inbox = inbox;
      state.offer = offer;
      state.stream = name;
      self->set_default_handler([self](caf::scheduled_actor*, caf::message_view& x) {
        return self->state.on_message(x.move_content_to_message());
      });
      return {
        [self](inbox_changed) { self->state.on_change(); },
        [self](look_at_clock) {
          self->state.losses_told = false;
          self->state.on_change();
        },
      };
    },
    no_arguments{});
  context->roles.note(handle, "inbox_actor");
  // An address: the actor has the inbox.
  inbox->on_change([address = handle.address(), weak = std::weak_ptr{context}] {
    auto to = caf::actor_cast<caf::actor>(address);
    auto shared = weak.lock();
    if (to && shared)
      post_anonymously(*shared, to, inbox_changed{});
  });
  return handle;
}

} // namespace caf_stream::actors
