#include "caf_stream/actors/offspring.hpp"

#include <algorithm>

#include <caf/send.hpp>

namespace caf_stream::actors {

offspring::~offspring() {
  end_all();
  for (auto& [child, role] : children_)
    context_->roles.forget(child.id());
}

void offspring::begin(caf::event_based_actor* owner, environment_ptr context) {
  owner_ = owner;
  context_ = std::move(context);
}

void offspring::add(const caf::actor& child, const char* role) {
  children_.emplace_back(child, role);
  context_->roles.note(child, role);
  owner_->monitor(child);
}

std::string offspring::remove(const caf::down_msg& down) {
  auto i = std::find_if(children_.begin(), children_.end(),
                        [&](auto& child) { return child.first == down.source; });
  if (i == children_.end())
    return {};
  auto role = std::move(i->second);
  context_->roles.forget(i->first.id());
  children_.erase(i);
  return role;
}

void offspring::end_all(caf::exit_reason reason) const {
  for (auto& [child, role] : children_)
    caf::anon_send_exit(child, reason);
}

} // namespace caf_stream::actors
