#include "caf_stream/actors/network_checks.hpp"

#include <caf/actor.hpp>

#include "caf_stream/actors/caf_compat.hpp"
#include "caf_stream/actors/message_types.hpp"
#include "caf_stream/base/error.hpp"
#include "caf_stream/outputs/output_id.hpp"

namespace caf_stream::actors {

namespace {

constexpr auto add_types =
  "call caf_stream::add_message_types(config) before the actor system is made";

caf::timespan time_in(const caf::actor_system& system, caf::string_view option) {
  return caf::get_or(system.config(), option, caf::timespan{0});
}

std::string heartbeat_warning(const caf::actor_system& system) {
  const std::string interval_option = heartbeat_interval_option;
  const std::string timeout_option = connection_timeout_option;
  auto interval = time_in(system, interval_option);
  auto timeout = time_in(system, timeout_option);
  std::string to_set;
  if (interval.count() <= 0)
    to_set = interval_option + " (to 1s, say)";
  if (timeout.count() <= 0)
    to_set += (to_set.empty() ? "" : " and ") + timeout_option + " (to 5s, say)";
  if (!to_set.empty())
    return "the actor system would not notice that another node is frozen or silent: set " +
           to_set + " in its configuration, and the same on the other nodes";
  if (timeout <= interval)
    return "the actor system would drop nodes that are only quiet: " + timeout_option +
           " must be longer than " + interval_option;
  return {};
}

} // namespace

std::vector<std::string> network_warnings(const caf::actor_system& system) {
  std::vector<std::string> result;
  if (!system.has_middleman())
    return result;
  if (auto text = heartbeat_warning(system); !text.empty())
    result.push_back(std::move(text));
  if (!messages_registered(system))
    result.push_back("the actor system cannot send messages of caf_stream to other nodes: " +
                     std::string{add_types});
  return result;
}

void check_can_be_sent(const caf::actor& receiver, const caf::message& content,
                       const std::string& sender) {
  auto& system = receiver.home_system();
  if (receiver.node() == system.node())
    return;
  for (std::size_t place = 0; place < content.size(); ++place) {
    if (can_leave_node(system, content, place))
      continue;
    auto what = content.match_element<output_id>(place)
                  ? "a caf_stream::output_id: " + std::string{add_types}
                  : std::string{"vectors of its records: call add_message_type of its "
                                "configuration for them before it is made"};
    throw error{errc::invalid_argument, sender +
                                          " was given an actor on another node, and the "
                                          "actor system cannot send " +
                                          what};
  }
}

} // namespace caf_stream::actors
