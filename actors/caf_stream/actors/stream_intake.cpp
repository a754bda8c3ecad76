#include "caf_stream/actors/stream_intake.hpp"

#include <algorithm>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

// store() of whole blocks waits while this many are under way.
constexpr std::size_t max_under_way = 4;

} // namespace

stream_intake::stream_intake(environment_ptr context, const ingest::receiver_source& source,
                             stream_id stream)
  : context_(std::move(context)), stream_(stream) {
  auto& config = context_->config;
  std::optional<double> max_rate, initial_rate;
  if (config.receiver.max_rate)
    max_rate = static_cast<double>(*config.receiver.max_rate);
  if (config.backpressure.enabled && config.backpressure.initial_rate)
    initial_rate = static_cast<double>(*config.backpressure.initial_rate);
  limiter_ = std::make_shared<ingest::rate_limiter>(max_rate, initial_rate);
  ingest::builder_options options;
  options.block_size = config.block_size.value;
  options.max_record_bytes = config.receiver.max_record_bytes.value;
  auto streams = std::max<std::size_t>(context_->graph->inputs().size(), 1);
  options.spare_bytes = std::min(options.spare_bytes, config.memory_budget.value / 8 / streams);
  options.limiter = limiter_;
  options.on_sealed = [this] { wake_generator(); };
  builder_ = source.make_builder(options);
}

status stream_intake::store(data::payload block, std::optional<std::string> position) {
  std::unique_lock guard{mutex_};
  ++storing_;
  whole_blocks_ += block.records();
  auto result = store_held(guard, std::move(block), std::move(position));
  --storing_;
  return result;
}

status stream_intake::store_held(std::unique_lock<std::mutex>& guard, data::payload block,
                                 std::optional<std::string> position) {
  auto interruption = interruptions_;
  auto cut_short = [&] { return closed_ || interrupted_ || interruptions_ != interruption; };
  stored_.wait(guard, [&] { return cut_short() || under_way_.size() < max_under_way; });
  if (cut_short())
    return fail(errc::stopped, "receiver " + std::to_string(stream_) +
                                 " was stopped before it could store a block");
  auto ticket = next_ticket_++;
  auto e = next_entry(std::move(block), std::move(position));
  e.ticket = ticket;
  under_way_.push_back(std::move(e));
  guard.unlock();
  wake_generator();
  guard.lock();
  auto waiting = [&] {
    return std::any_of(under_way_.begin(), under_way_.end(),
                       [&](auto& e) { return e.ticket == ticket; });
  };
  stored_.wait(guard, [&] { return !waiting() || cut_short(); });
  if (!waiting())
    return {};
  // It is under way and will be stored; the source only cannot be told so in time.
  return fail(errc::stopped, "receiver " + std::to_string(stream_) +
                               " was stopped while a block was being stored");
}

std::optional<std::string> stream_intake::last_position() const {
  std::lock_guard guard{mutex_};
  // What is under way will be stored, whatever its receiver was told.
  for (auto i = under_way_.rbegin(); i != under_way_.rend(); ++i)
    if (i->position)
      return i->position;
  return position_;
}

void stream_intake::report_loss(std::int64_t records, const std::string& reason) {
  log::warning("stream ", stream_, " lost ", records, " records: ", reason);
  caf::actor bus;
  {
    std::lock_guard guard{mutex_};
    bus = bus_;
  }
  if (bus)
    post_anonymously(*context_, bus, records_lost{{stream_, records, reason}});
}

void stream_intake::ask_supervisor(receiver_request request) {
  caf::actor supervisor;
  {
    std::lock_guard guard{mutex_};
    supervisor = supervisor_;
  }
  if (supervisor)
    post_anonymously(*context_, supervisor, std::move(request));
}

void stream_intake::wake_generator() {
  caf::actor generator;
  {
    std::lock_guard guard{mutex_};
    generator = generator_;
  }
  if (generator)
    post_anonymously(*context_, generator, block_ready{});
}

stream_intake::entry stream_intake::next_entry(data::payload block,
                                               std::optional<std::string> position) {
  entry e;
  e.info = {{stream_, context_->node, next_number_++}, block.records(), block.bytes()};
  e.block = std::move(block);
  e.position = std::move(position);
  return e;
}

std::uint64_t stream_intake::begin_shift() {
  std::lock_guard guard{mutex_};
  return ++shift_;
}

std::optional<stream_intake::entry> stream_intake::front(std::uint64_t shift) {
  std::lock_guard guard{mutex_};
  if (shift != shift_)
    return std::nullopt;
  if (under_way_.empty()) {
    std::optional<std::string> position;
    auto block = builder_->take(&position);
    if (!block)
      return std::nullopt;
    under_way_.push_back(next_entry(std::move(block), std::move(position)));
  }
  return under_way_.front();
}

std::optional<block_id> stream_intake::cut(std::uint64_t shift) {
  std::lock_guard guard{mutex_};
  if (shift != shift_)
    return std::nullopt;
  builder_->cut();
  std::optional<std::string> position;
  while (auto block = builder_->take(&position))
    under_way_.push_back(next_entry(std::move(block), std::exchange(position, std::nullopt)));
  if (under_way_.empty())
    return std::nullopt;
  return under_way_.back().info.id;
}

bool stream_intake::front_done(std::uint64_t shift, const block_id& id) {
  std::unique_lock guard{mutex_};
  if (shift != shift_ || under_way_.empty() || under_way_.front().info.id != id)
    return false;
  auto done = std::move(under_way_.front());
  if (done.position)
    position_ = std::move(done.position);
  under_way_.pop_front();
  stored_.notify_all();
  guard.unlock();
  if (done.ticket == 0)
    builder_->after_stored();
  return true;
}

std::int64_t stream_intake::drop_all(std::uint64_t shift) {
  if (!cut(shift))
    return 0;
  std::int64_t records = 0;
  {
    std::lock_guard guard{mutex_};
    for (auto& e : under_way_)
      records += static_cast<std::int64_t>(e.info.records);
    under_way_.clear();
    stored_.notify_all();
  }
  builder_->after_dropped();
  return records;
}

std::uint64_t stream_intake::begin_life() {
  std::lock_guard guard{mutex_};
  if (living_)
    return 0;
  living_ = true;
  interrupted_ = false;
  builder_->resume();
  return ++lives_;
}

void stream_intake::life_ended() {
  std::lock_guard guard{mutex_};
  living_ = false;
}

std::uint64_t stream_intake::received() const {
  std::lock_guard guard{mutex_};
  return builder_->accepted() + whole_blocks_;
}

bool stream_intake::has_waiting_producer() const {
  std::lock_guard guard{mutex_};
  return storing_ != 0 || builder_->has_waiting_producer();
}

void stream_intake::interrupt() {
  builder_->interrupt();
  std::lock_guard guard{mutex_};
  interrupted_ = true;
  ++interruptions_;
  stored_.notify_all();
}

void stream_intake::close() {
  builder_->close();
  std::lock_guard guard{mutex_};
  closed_ = true;
  stored_.notify_all();
}

void stream_intake::connect(caf::actor supervisor) {
  std::lock_guard guard{mutex_};
  supervisor_ = std::move(supervisor);
}

void stream_intake::connect_generator(caf::actor generator) {
  std::lock_guard guard{mutex_};
  generator_ = std::move(generator);
}

void stream_intake::connect_bus(caf::actor bus) {
  std::lock_guard guard{mutex_};
  bus_ = std::move(bus);
}

void receiver_life::end(bool interrupt) {
  stopped_ = true;
  if (interrupt)
    intake_->interrupt();
}

ingest::block_builder& receiver_life::builder() {
  own_thread_mark::note_receiving(*context_);
  return intake_->builder();
}

status receiver_life::store(data::payload block, std::optional<std::string> position) {
  own_thread_mark::note_receiving(*context_);
  return intake_->store(std::move(block), std::move(position));
}

void receiver_life::report_error(const std::string& text) {
  ask(receiver_request::kind::report_error, text);
}

void receiver_life::report_loss(std::int64_t records, const std::string& reason) {
  intake_->report_loss(records, reason);
}

void receiver_life::restart(const std::string& text, std::optional<duration> delay) {
  ask(receiver_request::kind::restart, text, delay);
}

void receiver_life::stop(const std::string& text) { ask(receiver_request::kind::stop, text); }

bool receiver_life::is_stopped() const noexcept {
  own_thread_mark::note_receiving(*context_);
  return stopped_;
}

void receiver_life::ask(receiver_request::kind what, const std::string& text,
                        std::optional<duration> delay) {
  own_thread_mark::note_receiving(*context_);
  intake_->ask_supervisor({static_cast<std::uint8_t>(what), text, delay, number_});
}

} // namespace caf_stream::actors
