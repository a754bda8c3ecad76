#include "caf_stream/state/state.hpp"

#include <string>

#include "caf_stream/base/error.hpp"

namespace caf_stream::stateful {

void throw_no_state() {
  throw error{errc::invalid_state, "state<S>::get: the key has no state; ask exists() first"};
}

void throw_no_change(const char* call, bool removed) {
  auto* why = removed ? "has been removed in this call" : "is timing out, and goes after this call";
  throw error{errc::invalid_state,
              std::string{"state<S>::"} + call + ": the state of the key " + why};
}

} // namespace caf_stream::stateful
