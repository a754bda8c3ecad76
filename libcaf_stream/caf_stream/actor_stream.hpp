#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/message.hpp>
#include <caf/response_promise.hpp>

#include "caf_stream/ingest/record_inbox.hpp"
#include "caf_stream/streaming_context.hpp"

// Actors as a source. `streaming_context::actor_stream<T>(name)` gives a handle; any actor, also of
// another process, feeds the stream by sending it
//
//   T                                        one record
//   std::vector<T>                           several
//   T or std::vector<T>, a sequence number   the same; a number that was there before is no news
//   and, after the number, a std::string     numbers of a sequence of that name
//
// A request is answered, with nothing, once its records are stored; when much waits to be stored,
// later. It is refused with an error when twice as much waits as plain sends may fill, or when the
// stream has ended; then it may be sent again. Sequence numbers are unsigned and count up. They are
// the stream's: where several senders count for themselves, each names its sequence, with 256 bytes
// at most. The 1024 sequences that were used last are remembered; in one that was forgotten all
// numbers are new.
//
// A plain send is dropped where a quarter of the memory budget, 64 MiB at most, waits to be stored,
// in this stream or in all actor streams of the context; what is dropped is counted, logged, and
// told to listeners as lost. In all streams together half of the memory budget may wait. A message
// counts with what it takes to keep it, 256 bytes beside its records.
//
// Where the program's own actor is the receiver, plain messages that wait in its mailbox when it is
// killed, or fails, are gone and not counted: CAF tells nobody of them. Requests are answered with
// an error. While it is not there its handle keeps 1000 messages, however large they are.
//
// What crosses processes is known to both actor systems: CAF knows numbers, strings and vectors of
// strings, other types are added to the configuration with `add_message_type`.

namespace caf_stream {

namespace detail {

/// Sends an inbox actor records and calls `then`, or else answers the present request of `self`.
caf::response_promise store_by_message(caf::event_based_actor* self, const caf::actor& inbox_actor,
                                       caf::message content,
                                       std::function<void(const caf::error&)> then);

} // namespace detail

/// What an actor of the program's stores with when it is the receiver of a stream. Copies are
/// cheap. For the actor itself, in its handlers.
template <class T>
class actor_receiver_helper {
public:
  /// For the library.
  actor_receiver_helper(std::shared_ptr<ingest::inbox_of<T>> inbox, caf::actor inbox_actor,
                        caf::event_based_actor* self)
    : inbox_(std::move(inbox)), inbox_actor_(std::move(inbox_actor)), self_(self) {}

  /// Stores a record some time; never waits. False when it was dropped, as a plain send to a handle
  /// would be. Any thread.
  bool store(T record) {
    std::vector<T> one;
    one.push_back(std::move(record));
    return inbox_->offer(std::move(one), false).what == ingest::inbox_receipt::verdict::taken;
  }

  /// Stores the records and answers the request that the actor handles now when they are stored, or
  /// with the error when they are refused. Never waits. A handler returns the promise:
  /// `[=](std::vector<T> xs) { return helper.store(std::move(xs)); }`.
  caf::response_promise store(std::vector<T> records) {
    return pass_on(caf::make_message(std::move(records)), nullptr);
  }

  /// The same, once for each sequence number.
  caf::response_promise store(std::vector<T> records, std::uint64_t sequence_number) {
    return pass_on(caf::make_message(std::move(records), sequence_number), nullptr);
  }

  /// The same, and calls `then` in the actor: with no error (`!e`) when the records are stored.
  void store(std::vector<T> records, std::function<void(const caf::error&)> then) {
    pass_on(caf::make_message(std::move(records)), std::move(then));
  }

private:
  caf::response_promise pass_on(caf::message content, std::function<void(const caf::error&)> then) {
    return detail::store_by_message(self_, inbox_actor_, std::move(content), std::move(then));
  }

  std::shared_ptr<ingest::inbox_of<T>> inbox_;
  caf::actor inbox_actor_;
  caf::event_based_actor* self_;
};

namespace detail {

/// The number at a place of a message, which senders may have of any integral type; nothing where
/// there is none or it is negative.
std::optional<std::uint64_t> number_at(const caf::message& message, std::size_t place);

/// The sequence number of a message that has one after its records; false where what follows the
/// records is something else.
bool read_sequence(const caf::message& message, std::optional<ingest::sequence_number>& sequence);

/// Offers the records of a message to an inbox of Ts.
template <class T>
auto make_offer(std::shared_ptr<ingest::inbox_of<T>> inbox) {
  return [inbox = std::move(inbox)](caf::message& message,
                                    bool request) -> std::optional<ingest::inbox_receipt> {
    std::optional<ingest::sequence_number> sequence;
    if (message.empty() || !read_sequence(message, sequence))
      return std::nullopt;
    std::vector<T> records;
    if (message.match_element<T>(0))
      records.push_back(message.move_if_unshared<T>(0));
    else if (message.match_element<std::vector<T>>(0))
      records = message.move_if_unshared<std::vector<T>>(0);
    else
      return std::nullopt;
    return inbox->offer(std::move(records), request, std::move(sequence));
  };
}

} // namespace detail

template <class T>
std::pair<dstream<T>, caf::actor>
streaming_context::actor_stream(std::string name, storage_level level, source_location where) {
  constexpr bool owned = !is_view_v<T>;
  static_assert(owned, "records that are sent to a stream are owned: use "
                       "actor_stream<std::string>, not std::string_view");
  if constexpr (owned) {
    auto inbox = std::make_shared<ingest::inbox_of<T>>(inbox_options());
    auto handle = open_inbox(name, inbox, detail::make_offer(inbox));
    auto stream =
      receive<T>(std::make_shared<ingest::inbox_source>(name, inbox, level), "actor_stream", where);
    return {stream.named(std::move(name)), std::move(handle)};
  }
}

template <class T, class F>
  requires(!std::is_convertible_v<F, storage_level>)
std::pair<dstream<T>, caf::actor>
streaming_context::actor_stream(std::string name, F f, storage_level level, source_location where) {
  constexpr bool fits =
    !is_view_v<T> && std::is_invocable_r_v<caf::behavior, const F&, caf::event_based_actor*,
                                           actor_receiver_helper<T>>;
  static_assert(fits, "actor_stream<T>(name, f) calls f(caf::event_based_actor*, "
                      "caf_stream::actor_receiver_helper<T>) at each start, as const; it returns a "
                      "caf::behavior, and T is no view");
  if constexpr (fits) {
    auto inbox = std::make_shared<ingest::inbox_of<T>>(inbox_options());
    auto inbox_actor = open_inbox(name, inbox, detail::make_offer(inbox));
    auto body = [f = std::move(f), inbox, inbox_actor](caf::event_based_actor* self) {
      return f(self, actor_receiver_helper<T>{inbox, inbox_actor, self});
    };
    auto [source, handle] = open_own_receiver(name, inbox, inbox_actor, level, std::move(body));
    auto stream = receive<T>(std::move(source), "actor_stream", where);
    return {stream.named(std::move(name)), std::move(handle)};
  }
}

} // namespace caf_stream
