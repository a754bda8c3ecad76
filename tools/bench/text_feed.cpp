#include "text_feed.hpp"

#include "failure.hpp"

namespace caf_stream::bench {

void feed_gate::open(receiver<std::string_view>* to) {
  std::lock_guard lock{mutex_};
  to_ = to;
  changed_.notify_all();
}

void feed_gate::close() {
  std::lock_guard lock{mutex_};
  to_ = nullptr;
}

void feed_gate::store_lines(std::string_view text) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, std::chrono::minutes{1}, [this] { return to_ != nullptr; }))
    throw failure{"the receiver did not start"};
  while (!text.empty()) {
    auto size = text.find('\n');
    if (!to_->store(text.substr(0, size)))
      throw failure{"the receiver refused a line"};
    text.remove_prefix(size + 1);
  }
}

feed_receiver::feed_receiver(std::shared_ptr<feed_gate> gate)
  : receiver(storage_level::memory_only), gate_(std::move(gate)) {}

text_context::text_context(unsigned workers)
  : context_(workers), lines_(context_.stream().receiver_stream<feed_receiver>(gate_)) {}

double text_context::run(const std::vector<std::string_view>& batches) {
  context_.stream().start();
  double seconds = 0;
  for (auto batch : batches) {
    gate_->store_lines(batch);
    seconds += context_.step();
  }
  return seconds;
}

} // namespace caf_stream::bench
