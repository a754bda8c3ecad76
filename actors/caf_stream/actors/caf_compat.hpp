#pragma once

#include <string>
#include <typeinfo>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/save_callback.hpp>
#include <caf/sec.hpp>

#include "caf_stream/actors/messages.hpp"
#include "caf_stream/codec/encoding.hpp"

// All that depends on the version of CAF: how a message is registered and inspected, and what
// options of CAF are called. Everywhere else the sources use what CAF 0.17 and 1.x have in common.

namespace caf_stream::actors {

/// The argument of functions that become actors. They need none, but CAF 0.17 forms a reference to
/// a null tuple where there are none: harmless, and yet sanitizers and the checks of the standard
/// library end the program there.
struct no_arguments {};

/// A message of ours: packed by msgpack, and nothing else about it is known to CAF.
template <class T>
concept packed_message = requires(const T& x, codec::packer& out) {
  x.msgpack_pack(out);
};

/// The body of a message as bytes. Throws errc::not_encodable where a payload in it has no
/// encoding.
template <packed_message T>
std::string pack_body(const T& x) {
  codec::bytes out;
  codec::encode(out, x);
  return std::string{out.data(), out.size()};
}

/// Reads a body back; errc::damaged_data where it is none of a T.
template <packed_message T>
result<T> unpack_body(std::string_view body) {
  return codec::decode<T>(body);
}

#if CAF_VERSION < 1800

template <class Inspector, packed_message T>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  std::string body;
  if constexpr (Inspector::reads_state)
    body = pack_body(x);
  auto load = [&]() -> caf::error {
    auto read = unpack_body<std::remove_const_t<T>>(body);
    if (!read)
      return caf::make_error(caf::sec::malformed_basp_message, std::string{read.error().what()});
    if constexpr (!std::is_const_v<T>)
      x = *std::move(read);
    return caf::none;
  };
  return f(body, caf::meta::load_callback(load));
}

/// Whether values of a type of the program's may be sent to other nodes.
inline bool can_leave_node(const caf::actor_system& system, const std::type_info& type) {
  return system.types().portable_name(0, &type) != system.types().default_type_name();
}

/// The same for what is at a place of a message, which may be a type of CAF's own.
inline bool can_leave_node(const caf::actor_system& system, const caf::message& content,
                           std::size_t place) {
  return system.types().portable_name(content.type(place)) != system.types().default_type_name();
}

/// The options that let a node notice that another one is frozen or silent. Times of zero, the
/// default, turn them off.
inline constexpr char heartbeat_interval_option[] = "middleman.heartbeat-interval";
inline constexpr char connection_timeout_option[] = "middleman.connection-timeout";

#else
#error "caf_stream is built with CAF 0.17 so far"
#endif

} // namespace caf_stream::actors
