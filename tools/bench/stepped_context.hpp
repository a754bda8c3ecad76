#pragma once

#include "bench_context.hpp"

#include <memory>

namespace caf_stream::bench {

/// A context on a clock moved by hand, one batch at a time.
class stepped_context {
public:
  explicit stepped_context(unsigned workers);

  streaming_context& stream() { return context_.stream(); }

  /// Ticks and waits until the batch is completed. Returns the seconds from one to the other.
  /// The context must have been started.
  double step();

private:
  std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
  bench_context context_;
  std::size_t batches_ = 0;
};

} // namespace caf_stream::bench
