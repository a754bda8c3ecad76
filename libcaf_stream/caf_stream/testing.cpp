#include "caf_stream/testing.hpp"

#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <mutex>

#include <caf/actor_system.hpp>

#include "caf_stream/config.hpp"

namespace caf_stream::testing {

namespace {

/// Counts batches that have ended.
class batch_counter final : public streaming_listener {
public:
  void on_batch_completed(const batch_info&) override {
    std::lock_guard guard{mutex_};
    ++ended_;
    changed_.notify_all();
  }

  /// False when that does not happen within `patience`.
  bool await(std::size_t n, duration patience) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] { return ended_ >= n; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t ended_ = 0;
};

settings settings_for(const run_options& options, std::shared_ptr<manual_clock> clock) {
  settings result;
  result.workers = options.workers;
  result.default_partitions = options.partitions;
  result.clock = std::move(clock);
  result.log_level = log::level::error; // warnings are of what may come of a program in service
  return result;
}

// One system for all runs of a process: making one costs more than a run. It is never destroyed:
// CAF 0.17.6 uses parts of itself that it has freed when that happens after main.
caf::actor_system& shared_system() {
  static auto& cfg = *new config;
  static auto& system = *new caf::actor_system{cfg};
  return system;
}

/// Takes note of the first thing that has failed.
bool has_ended(streaming_context& context, std::exception_ptr& failure) {
  for (;;)
    try {
      return context.await_termination_for(duration{0});
    } catch (...) {
      if (!failure)
        failure = std::current_exception();
    }
}

} // namespace

struct batch_driver::parts {
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<batch_counter> ended = std::make_shared<batch_counter>();
  streaming_context context;
  std::size_t told = 0; // batches that were told to happen

  explicit parts(const run_options& options)
    : context(shared_system(), options.batch_interval, settings_for(options, clock)) {}
};

batch_driver::batch_driver(const run_options& options) : parts_(std::make_unique<parts>(options)) {
  parts_->context.add_listener(parts_->ended);
}

batch_driver::~batch_driver() = default;

streaming_context& batch_driver::context() noexcept { return parts_->context; }

void batch_driver::run(std::size_t n) {
  auto& context = parts_->context;
  if (context.state() == context_state::initialized)
    context.start();
  for (std::size_t i = 0; i < n; ++i) {
    auto batch = ++parts_->told;
    parts_->clock->advance(context.batch_interval());
    std::exception_ptr failure;
    // A context that ends meanwhile, by its own fault or the pipeline's, ends no more batches.
    while (!parts_->ended->await(batch, duration{100}))
      if (has_ended(context, failure)) {
        if (!failure)
          throw error{errc::stopped, "the context stopped before batch " + std::to_string(batch) +
                                       " was completed"};
        break;
      }
    has_ended(context, failure);
    if (failure)
      std::rethrow_exception(failure);
  }
}

std::string temp_dir() {
  struct folders {
    std::mutex mutex;
    std::vector<std::string> made;
    ~folders() {
      std::error_code ignored; // nobody is left to be told
      for (auto& folder : made)
        std::filesystem::remove_all(folder, ignored);
    }
  };
  static folders all;
  auto name = (std::filesystem::temp_directory_path() / "caf_stream.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw error{errc::io_error, "cannot make a temporary folder like " + name};
  std::lock_guard guard{all.mutex};
  all.made.push_back(name);
  return name;
}

} // namespace caf_stream::testing
