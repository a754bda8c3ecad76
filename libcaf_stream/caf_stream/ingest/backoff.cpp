#include "caf_stream/ingest/backoff.hpp"

#include <algorithm>
#include <random>

namespace caf_stream::ingest {

random_source make_random_source() {
  return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
  };
}

backoff::backoff(duration first, duration longest, random_source random)
  : first_(first), longest_(std::max(first, longest)), random_(std::move(random)) {}

duration backoff::next() {
  auto delay = first_;
  for (unsigned i = 0; i < doublings_ && delay < longest_; ++i)
    delay *= 2;
  if (delay < longest_)
    ++doublings_;
  auto jittered = static_cast<double>(delay.count()) * (0.9 + 0.2 * random_());
  return std::min(longest_, duration{static_cast<duration::rep>(jittered)});
}

} // namespace caf_stream::ingest
