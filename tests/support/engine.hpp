#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "caf_stream/base/clock.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/events.hpp"

namespace caf_stream::test {

/// The actor system that the tests of a program share; making one costs more than a context.
inline caf::actor_system& shared_system() {
  static auto& cfg = *new config;
  static auto& system = *new caf::actor_system{cfg};
  return system;
}

/// Small and quiet.
inline settings small_settings() {
  settings result;
  result.workers = 2;
  result.default_partitions = 2;
  result.block_interval = duration{5};
  result.receiver.restart_delay = duration{1};
  result.log_level = log::level::off;
  return result;
}

/// A context whose clock the test moves, with a listener that writes everything down.
class manual_context {
public:
  explicit manual_context(settings options = small_settings(), duration interval = duration{1000})
    : context_(shared_system(), interval, with_clock(std::move(options), clock_)) {
    context_.add_listener(events_);
  }

  streaming_context* operator->() noexcept { return &context_; }
  streaming_context& operator*() noexcept { return context_; }
  recorder& events() noexcept { return *events_; }
  manual_clock& clock() noexcept { return *clock_; }

  /// Moves time on by `n` intervals and waits until as many batches more have ended.
  bool tick(std::size_t n = 1) {
    auto before = events_->get().completed.size();
    clock_->advance(static_cast<std::int64_t>(n) * context_.batch_interval());
    return events_->wait_for_batches(before + n);
  }

private:
  static settings with_clock(settings options, std::shared_ptr<manual_clock> clock) {
    options.clock = std::move(clock);
    return options;
  }

  std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
  std::shared_ptr<recorder> events_ = std::make_shared<recorder>();
  streaming_context context_;
};

/// What a call throws, as code and text.
template <class F>
std::pair<errc, std::string> thrown_by(F f) {
  try {
    f();
  } catch (const error& e) {
    return {e.code(), e.what()};
  }
  return {errc{0}, "nothing was thrown"};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace caf_stream::test
