#pragma once

#include "batch_watch.hpp"

#include <caf_stream/all.hpp>

#include <memory>

namespace caf_stream::bench {

/// A streaming context with a watch on its batches. It ends with this object, at once: by then a
/// case has its results.
class bench_context {
public:
  /// On the machine's clock where `clock` is null.
  bench_context(duration batch_interval, unsigned workers,
                std::shared_ptr<caf_stream::clock> clock = nullptr);
  ~bench_context();

  streaming_context& stream() { return stream_; }
  batch_watch& watch() { return *watch_; }

private:
  config config_;
  streaming_context stream_;
  std::shared_ptr<batch_watch> watch_ = std::make_shared<batch_watch>();
};

} // namespace caf_stream::bench
