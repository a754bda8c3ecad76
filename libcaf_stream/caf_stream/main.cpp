#include "caf_stream/main.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include <pthread.h>
#include <unistd.h>

#include <caf/io/middleman.hpp>

namespace caf_stream {

namespace {

// How long a context is given to let go of its sources after a second signal.
constexpr duration second_signal_patience{3000};

/// Blocks SIGTERM and SIGINT in this thread and those it makes, so that only who asks gets them.
class blocked_signals {
public:
  blocked_signals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }

  ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  const sigset_t& signals() const noexcept { return signals_; }

private:
  sigset_t signals_{};
  sigset_t before_{};
};

/// Waits for signals on a thread of its own and stops the context. Signal handlers could do nothing
/// of that.
class signal_watch {
public:
  signal_watch(const sigset_t& signals, std::shared_ptr<engine::stream_engine> engine)
    : signals_(signals), engine_(std::move(engine)), thread_([this] { watch(); }) {}

  ~signal_watch() {
    done_ = true;
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

  /// The signal that ended the program at once; 0: none did.
  int hurried_by() const noexcept { return hurried_by_; }

private:
  void watch() {
    for (int seen = 0;; ++seen) {
      int signal = 0;
      sigwait(&signals_, &signal);
      if (done_)
        return;
      if (seen == 0) {
        engine_->request_stop(true, std::nullopt);
        continue;
      }
      hurried_by_ = signal;
      engine_->request_stop(false, std::nullopt);
      auto deadline = std::chrono::steady_clock::now() + second_signal_patience;
      if (!engine_->await_stopped(deadline))
        std::_Exit(128 + signal); // user code does not return
    }
  }

  sigset_t signals_;
  std::shared_ptr<engine::stream_engine> engine_;
  std::atomic<bool> done_{false};
  std::atomic<int> hurried_by_{0};
  std::thread thread_; // last: it uses the others
};

void complain(const char* program, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", program, text.c_str());
}

// True when the context ended as it should.
bool await_end(streaming_context& context, failure_policy policy) {
  bool good = true;
  for (;;) {
    try {
      context.await_termination();
      return good;
    } catch (const error& e) {
      good = good && policy == failure_policy::report && e.code() != errc::actor_failed;
    } catch (...) {
      good = good && policy == failure_policy::report;
    }
    // What failed has been logged where it failed.
  }
}

} // namespace

int run_main(int argc, char** argv, duration default_interval,
             const std::function<void(streaming_context&)>& setup) {
  const char* program = argc > 0 ? argv[0] : "caf_stream";
  blocked_signals blocked;
  try {
    config cfg;
    cfg.load<caf::io::middleman>(); // so that `setup` can publish actors and find those of others
    cfg.parse(argc, argv);
    if (cfg.help_printed())
      return 0;
    streaming_context context{cfg, default_interval};
    setup(context);
    context.start();
    signal_watch watch{blocked.signals(), context.core()->engine};
    auto good = await_end(context, cfg.stream.failure_policy);
    if (auto signal = watch.hurried_by(); signal != 0) {
      // Destroying the context would wait for user code, which may never return.
      std::cout.flush();
      std::fflush(nullptr);
      std::_Exit(128 + signal);
    }
    return good ? 0 : 1;
  } catch (const error& e) {
    complain(program, e.what());
    return e.code() == errc::invalid_setting || e.code() == errc::invalid_argument ? 2 : 1;
  } catch (const std::exception& e) {
    complain(program, e.what());
    return 1;
  }
}

} // namespace caf_stream
