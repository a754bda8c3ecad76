#pragma once

#include <string>
#include <utility>
#include <vector>

#include <caf/event_based_actor.hpp>

#include "caf_stream/actors/environment.hpp"

// Who owns whom. An owner is told of the death of its children, by down messages; when it ends,
// however that happens, they are told to end too. CAF's links are not used for that: they also work
// upwards, and an actor that was killed would kill its owner, whose handlers are not asked.

namespace caf_stream::actors {

/// The living children of one actor; a member of its state.
class offspring {
public:
  offspring() = default;
  ~offspring();
  offspring(const offspring&) = delete;
  offspring& operator=(const offspring&) = delete;

  /// Before anything else: whose children they are.
  void begin(caf::event_based_actor* owner, environment_ptr context);

  void add(const caf::actor& child, const char* role);

  /// Call for each down message. Returns the child's role; empty when it was none of ours.
  std::string remove(const caf::down_msg& down);

  bool empty() const noexcept { return children_.empty(); }

  /// Asks all to end, in the order in which they were added.
  void end_all(caf::exit_reason reason = caf::exit_reason::user_shutdown) const;

private:
  caf::event_based_actor* owner_ = nullptr;
  environment_ptr context_;
  std::vector<std::pair<caf::actor, std::string>> children_;
};

} // namespace caf_stream::actors
