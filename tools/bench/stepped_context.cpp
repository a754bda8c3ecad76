#include "stepped_context.hpp"

namespace caf_stream::bench {

namespace {

constexpr duration interval{1000};

} // namespace

stepped_context::stepped_context(unsigned workers) : context_(interval, workers, clock_) {}

double stepped_context::step() {
  auto tick = std::chrono::steady_clock::now();
  clock_->advance(interval);
  auto completed = context_.watch().wait_for(++batches_).back().time;
  return std::chrono::duration<double>(completed - tick).count();
}

} // namespace caf_stream::bench
