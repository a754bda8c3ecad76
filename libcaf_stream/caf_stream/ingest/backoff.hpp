#pragma once

#include <functional>

#include "caf_stream/base/time.hpp"

namespace caf_stream::ingest {

/// Numbers evenly spread over [0, 1).
using random_source = std::function<double()>;

/// A source seeded from the system. One thread at a time.
random_source make_random_source();

/// Delays that double, each up to a tenth longer or shorter so that what failed together does not
/// come back together.
class backoff {
public:
  /// The first delay, and the longest, which none exceeds.
  backoff(duration first, duration longest, random_source random);

  duration next();

  /// The next delay is the first one again.
  void reset() noexcept { doublings_ = 0; }

private:
  duration first_;
  duration longest_;
  random_source random_;
  unsigned doublings_ = 0;
};

} // namespace caf_stream::ingest
