#include "caf_stream/stream_checks.hpp"

#include "caf_stream/base/error.hpp"

namespace caf_stream {

void check_can_combine(const std::string& operation, const std::vector<graph::node_ptr>& parents) {
  if (parents.empty())
    throw error{errc::invalid_argument, operation + " needs at least one stream"};
  auto& first = *parents[0];
  for (auto& parent : parents) {
    if (&parent->graph() != &first.graph())
      throw error{errc::invalid_argument, operation + " of streams of different contexts: " +
                                            first.label() + " and " + parent->label()};
    if (parent->slide() != first.slide())
      throw error{errc::invalid_argument,
                  operation + " of streams with different slide durations: " + first.label() +
                    " has " + std::to_string(first.slide().count()) + " ms, " + parent->label() +
                    " has " + std::to_string(parent->slide().count()) + " ms"};
  }
}

} // namespace caf_stream
