#include "bench_context.hpp"

namespace caf_stream::bench {

namespace {

config& configured(config& cfg, unsigned workers, std::shared_ptr<clock> clock) {
  cfg.stream.workers = workers;
  cfg.stream.clock = std::move(clock);
  return cfg;
}

} // namespace

bench_context::bench_context(duration batch_interval, unsigned workers,
                             std::shared_ptr<caf_stream::clock> clock)
  : stream_(configured(config_, workers, std::move(clock)), batch_interval) {
  stream_.add_listener(watch_);
}

bench_context::~bench_context() { stream_.stop({.gracefully = false}); }

} // namespace caf_stream::bench
