#pragma once

#include <memory>

#include "caf_stream/engine/engine.hpp"
#include "caf_stream/graph/stream_graph.hpp"

namespace caf_stream {

class streaming_context;

/// What a context and its streams share: the graph and what runs it. Operators in the graph refer
/// to the engine weakly, since the engine has the graph.
struct stream_core {
  std::shared_ptr<graph::stream_graph> graph;
  std::shared_ptr<engine::stream_engine> engine;
  streaming_context* context = nullptr; ///< where the context is now

  /// Both throw errc::stopped when the context is gone.
  streaming_context& owner() const {
    check(context != nullptr);
    return *context;
  }
  engine::stream_engine& running() const {
    check(engine != nullptr);
    return *engine;
  }

private:
  static void check(bool lives) {
    if (!lives)
      throw error{errc::stopped, "the context of this stream is gone"};
  }
};

using core_ptr = std::shared_ptr<stream_core>;

/// The engine, for code that runs inside it.
class weak_engine {
public:
  explicit weak_engine(const core_ptr& core) : engine_(core->engine) {}

  /// Throws errc::stopped when the context is gone.
  engine::engine_ptr lock() const {
    if (auto engine = engine_.lock())
      return engine;
    throw error{errc::stopped, "the context of this stream is gone"};
  }

private:
  std::weak_ptr<engine::stream_engine> engine_;
};

} // namespace caf_stream
