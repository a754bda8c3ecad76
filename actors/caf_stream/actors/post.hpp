#pragma once

#include <string_view>
#include <utility>

#include <caf/actor.hpp>
#include <caf/send.hpp>

#include "caf_stream/actors/caf_compat.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/base/log.hpp"

// How actors of a context send: always through here, never with CAF's own send. Within a process a
// message is passed as it is; with `encode-local` it goes through its bytes first, so that what
// cannot cross to another node is found before there is one. Tests can watch who sends what.

namespace caf_stream::actors {

template <class T>
constexpr std::string_view message_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  auto begin = text.find("T = ") + 4;
  text = text.substr(begin, text.find_first_of(";]", begin) - begin);
  return text.substr(text.rfind(':') + 1);
}

/// `x` as it would arrive on another node. Records of a type without an encoding cannot, nor those
/// in a file of this process: they stay as they are, which is all that is promised for them.
template <packed_message T>
T through_encoding(T x) {
  try {
    auto read = unpack_body<T>(pack_body(x));
    if (!read)
      throw read.error();
    return *std::move(read);
  } catch (const error& e) {
    if (e.code() != errc::not_encodable)
      throw;
    return x;
  }
}

template <class Self, packed_message T, class... Second>
void post(Self* self, const environment& context, const caf::actor& to, T message,
          const Second&... second) {
  if (context.observed())
    context.tell_observer(self->id(), to.id(), message_name<T>());
  if (context.config.encode_local)
    message = through_encoding(std::move(message));
  self->send(to, std::move(message), second...);
}

/// From a thread that is no actor.
template <packed_message T, class... Second>
void post_anonymously(const environment& context, const caf::actor& to, T message,
                      const Second&... second) {
  if (context.observed())
    context.tell_observer(0, to.id(), message_name<T>());
  if (context.config.encode_local)
    message = through_encoding(std::move(message));
  caf::anon_send(to, std::move(message), second...);
}

} // namespace caf_stream::actors
