#include "caf_stream/actors/message_types.hpp"

#include <typeinfo>

#include "caf_stream/actors/caf_compat.hpp"
#include "caf_stream/actors/post.hpp"
#include "caf_stream/outputs/output_id.hpp"

namespace caf_stream::actors {

namespace {

template <class... Messages>
void add_all(caf::actor_system_config& cfg, std::tuple<Messages...>*) {
  static_assert((packed_message<Messages> && ...));
  (cfg.add_message_type<Messages>("caf_stream::" + std::string{message_name<Messages>()}), ...);
}

template <class... Messages>
bool has_all(const caf::actor_system& system, std::tuple<Messages...>*) {
  return (can_leave_node(system, typeid(Messages)) && ...);
}

} // namespace

void register_messages(caf::actor_system_config& cfg) {
  add_all(cfg, static_cast<all_messages*>(nullptr));
  cfg.add_message_type<output_id>("caf_stream::output_id"); // what sinks of the program are sent
}

bool messages_registered(const caf::actor_system& system) {
  return has_all(system, static_cast<all_messages*>(nullptr)) &&
         can_leave_node(system, typeid(output_id));
}

} // namespace caf_stream::actors
