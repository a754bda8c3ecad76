#include "caf_stream/actor_stream.hpp"

#include <algorithm>

#include <caf/event_based_actor.hpp>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/inbox_actor.hpp"
#include "caf_stream/actors/own_receiver.hpp"

namespace caf_stream {

namespace {

std::shared_ptr<actors::environment> environment_of(const core_ptr& core) {
  return dynamic_cast<actors::actor_engine&>(*core->engine).share();
}

template <class... Numbers>
std::optional<std::uint64_t> number_of_types(const caf::message& message, std::size_t place) {
  std::optional<std::uint64_t> result;
  auto read = [&]<class Number>(Number) {
    if (!message.match_element<Number>(place))
      return false;
    auto number = message.get_as<Number>(place);
    if (number >= 0)
      result = static_cast<std::uint64_t>(number);
    return true;
  };
  static_cast<void>((read(Numbers{}) || ...));
  return result;
}

} // namespace

ingest::inbox_options streaming_context::inbox_options() const {
  ingest::inbox_options result;
  auto& options = configured();
  result.budget = std::min(result.budget, options.memory_budget.value / 4);
  result.request_budget = std::min(result.request_budget, options.memory_budget.value / 2);
  result.max_record_bytes = options.receiver.max_record_bytes.value;
  result.shared = environment_of(core_)->inboxes;
  return result;
}

caf::actor streaming_context::open_inbox(
  const std::string& name, const std::shared_ptr<ingest::record_inbox>& inbox,
  std::function<std::optional<ingest::inbox_receipt>(caf::message&, bool)> offer) {
  core_->graph->check_can_change("add the actor stream " + name);
  auto handle =
    actors::spawn_inbox_actor(system(), environment_of(core_), inbox, std::move(offer), name);
  keep_until_end(handle);
  return handle;
}

std::pair<std::shared_ptr<ingest::receiver_source>, caf::actor>
streaming_context::open_own_receiver(const std::string& name,
                                     const std::shared_ptr<ingest::record_inbox>& inbox,
                                     const caf::actor& inbox_actor, storage_level level,
                                     std::function<caf::behavior(caf::event_based_actor*)> body) {
  auto context = environment_of(core_);
  auto relay = actors::spawn_relay(system(), context, inbox, inbox_actor);
  keep_until_end(relay);
  return {
    actors::own_receiver_source(system(), context, name, inbox, level, relay, std::move(body)),
    relay};
}

namespace detail {

std::optional<std::uint64_t> number_at(const caf::message& message, std::size_t place) {
  return number_of_types<std::uint64_t, std::int64_t, std::int32_t, std::uint32_t>(message, place);
}

bool read_sequence(const caf::message& message, std::optional<ingest::sequence_number>& sequence) {
  if (message.size() == 1)
    return true;
  if (message.size() > 3)
    return false;
  auto number = number_at(message, 1);
  if (!number || (message.size() == 3 && !message.match_element<std::string>(2)))
    return false;
  sequence.emplace();
  sequence->number = *number;
  if (message.size() == 3)
    sequence->sequence = message.get_as<std::string>(2);
  return true;
}

caf::response_promise store_by_message(caf::event_based_actor* self, const caf::actor& inbox_actor,
                                       caf::message content,
                                       std::function<void(const caf::error&)> then) {
  if (then != nullptr) {
    self->request(inbox_actor, caf::infinite, std::move(content))
      .then([then] { then(caf::none); }, [then](const caf::error& e) { then(e); });
    return {};
  }
  // Nobody waits for the answer to a plain send, and an error as an answer would end who sent it.
  if (self->current_message_id().is_async()) {
    inbox_actor->enqueue(caf::actor_cast<caf::strong_actor_ptr>(self), caf::make_message_id(),
                         std::move(content), self->context());
    return {};
  }
  // The inbox actor answers by itself, also when this actor has ended by then.
  auto promise = self->make_response_promise();
  promise.delegate(inbox_actor, std::move(content));
  return promise;
}

} // namespace detail

} // namespace caf_stream
