#include "caf_stream/ingest/block_builder.hpp"

#include <algorithm>

namespace caf_stream::ingest {

namespace {

// Offsets in a block have 32 bits.
constexpr std::uint64_t largest = std::uint64_t{1} << 30;

// A wait for the rate looks again this often, so that an update of the rate is noticed.
constexpr std::chrono::nanoseconds longest_nap = std::chrono::milliseconds{100};

builder_options within_bounds(builder_options x) {
  x.block_size = std::clamp<std::uint64_t>(x.block_size, 1, largest);
  x.max_record_bytes = std::clamp<std::uint64_t>(x.max_record_bytes, 1, largest);
  x.max_sealed = std::max<std::size_t>(x.max_sealed, 1);
  return x;
}

} // namespace

block_builder::block_builder(builder_options options)
  : options_(within_bounds(std::move(options))) {}

block_builder::~block_builder() = default;

void block_builder::after_cut(bool) {}

void block_builder::after_stored() {}

void block_builder::after_dropped() {}

void block_builder::after_close() {}

std::optional<std::string> block_builder::sealed_position() { return std::nullopt; }

data::payload block_builder::take(std::optional<std::string>* position) {
  std::lock_guard guard{mutex_};
  if (sealed_.empty())
    return {};
  auto oldest = std::move(sealed_.front());
  sealed_.pop_front();
  if (waiting_ != 0)
    changed_.notify_all();
  if (position != nullptr)
    *position = std::move(oldest.position);
  return std::move(oldest.block);
}

status block_builder::add_block(data::payload block) {
  auto held = lock();
  if (auto passes = wait_for_rate(held, block.records()); !passes)
    return passes;
  if (auto fits = wait_for_room(held); !fits)
    return fits;
  seal();
  count_accepted(held, block.records());
  sealed_.push_back({std::move(block), std::nullopt});
  held.unlock();
  if (options_.on_sealed)
    options_.on_sealed();
  return {};
}

void block_builder::cut() {
  bool sealed = false;
  {
    std::lock_guard guard{mutex_};
    sealed = seal();
  }
  after_cut(sealed);
}

bool block_builder::seal() {
  auto block = take_open();
  if (!block)
    return false;
  sealed_.push_back({std::move(block), sealed_position()});
  return true;
}

void block_builder::seal_and_tell(lock_type& held) {
  auto ready = seal();
  held.unlock();
  if (ready && options_.on_sealed)
    options_.on_sealed();
}

void block_builder::interrupt() {
  std::lock_guard guard{mutex_};
  interrupted_ = true;
  changed_.notify_all();
}

void block_builder::resume() {
  std::lock_guard guard{mutex_};
  interrupted_ = false;
}

void block_builder::close() {
  {
    std::lock_guard guard{mutex_};
    closed_ = true;
    changed_.notify_all();
  }
  after_close();
}

std::size_t block_builder::sealed() const {
  std::lock_guard guard{mutex_};
  return sealed_.size();
}

std::uint64_t block_builder::accepted() const {
  std::lock_guard guard{mutex_};
  return accepted_;
}

bool block_builder::has_waiting_producer() const {
  std::lock_guard guard{mutex_};
  return waiting_ != 0;
}

status block_builder::refused_if_stopped() const {
  if (closed_)
    return fail(errc::stopped, "a record was refused: its stream has ended");
  if (interrupted_)
    return fail(errc::stopped, "a record was refused: its receiver is being stopped");
  return {};
}

status block_builder::wait_for_rate(lock_type& held, std::uint64_t n) {
  auto open = refused_if_stopped();
  while (open && options_.limiter) {
    auto wait = options_.limiter->try_take(n, std::chrono::steady_clock::now());
    if (wait == std::chrono::nanoseconds::zero())
      break;
    ++waiting_;
    changed_.wait_for(held, std::min(wait, longest_nap));
    --waiting_;
    open = refused_if_stopped();
  }
  return open;
}

status block_builder::wait_for_room(lock_type& held) {
  auto open = refused_if_stopped();
  while (open && sealed_.size() >= options_.max_sealed) {
    ++waiting_;
    changed_.wait(held);
    --waiting_;
    open = refused_if_stopped();
  }
  return open;
}

} // namespace caf_stream::ingest
