#pragma once

#include <memory>

#include <caf/fwd.hpp>

#include "caf_stream/base/clock.hpp"
#include "caf_stream/engine/engine.hpp"
#include "caf_stream/engine/settings.hpp"
#include "caf_stream/graph/stream_graph.hpp"

namespace caf_stream::actors {

struct environment;

/// The engine of a context: its actors in `system`. Before start() it runs jobs only, on workers
/// that the first job brings to life.
class actor_engine : public engine::stream_engine {
public:
  /// What the actors share; for tests that look inside.
  virtual environment& shared() = 0;

  /// The same, for actors that are there before the others.
  virtual std::shared_ptr<environment> share() = 0;
};

std::shared_ptr<actor_engine> make_actor_engine(caf::actor_system& system, const settings& config,
                                                std::shared_ptr<graph::stream_graph> graph);

} // namespace caf_stream::actors
