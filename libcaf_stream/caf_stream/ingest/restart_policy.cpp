#include "caf_stream/ingest/restart_policy.hpp"

#include <utility>

namespace caf_stream::ingest {

restart_policy::restart_policy(restart_options options, random_source random)
  : options_(options), delays_(options.first_delay, options.longest_delay, std::move(random)) {}

void restart_policy::started(batch_time now) { started_ = now; }

std::optional<duration> restart_policy::ended(batch_time now, std::optional<duration> asked) {
  if (started_ && now - *started_ >= options_.longest_delay)
    delays_.reset();
  started_.reset();
  // A clock that was set back leaves restarts in the future; they count as of now.
  for (auto& restart : restarts_)
    restart = std::min(restart, now);
  while (!restarts_.empty() && now - restarts_.front() >= options_.window)
    restarts_.pop_front();
  if (restarts_.size() >= options_.max_restarts)
    return std::nullopt;
  restarts_.push_back(now);
  return asked ? *asked : delays_.next();
}

} // namespace caf_stream::ingest
