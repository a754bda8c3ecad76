#include "text_feed.hpp"

#include "failure.hpp"

namespace caf_stream::bench {

namespace {

constexpr duration interval{1000};

} // namespace

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

stepped_context::stepped_context(unsigned workers)
  : context_(interval, workers, clock_),
    lines_(context_.stream().receiver_stream<feed_receiver>(gate_)) {}

double stepped_context::run(const std::vector<std::string_view>& batches) {
  context_.stream().start();
  std::chrono::duration<double> sum{};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    gate_->store_lines(batches[i]);
    auto tick = std::chrono::steady_clock::now();
    clock_->advance(interval);
    sum += context_.watch().wait_for(i + 1)[i].time - tick;
  }
  return sum.count();
}

} // namespace caf_stream::bench
