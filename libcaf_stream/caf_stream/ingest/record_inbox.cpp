#include "caf_stream/ingest/record_inbox.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace caf_stream::ingest {

namespace {

// What the rate limit lets pass while nobody offers is kept for so long.
constexpr std::chrono::duration<double> longest_pause{1.0};

class inbox_receiver final : public any_receiver {
public:
  inbox_receiver(std::shared_ptr<record_inbox> inbox, storage_level level)
    : any_receiver(level), inbox_(std::move(inbox)) {}

  void on_start() override { inbox_->connect(&port()); }
  void on_stop() override { inbox_->connect(nullptr); }

private:
  std::shared_ptr<record_inbox> inbox_;
};

} // namespace

record_inbox::record_inbox(inbox_options options) : options_(options) {}

record_inbox::~record_inbox() { move_waiting(0, queued_bytes_ + under_way_bytes_); }

void record_inbox::on_change(std::function<void()> tell) {
  std::lock_guard guard{tell_mutex_};
  tell_ = std::move(tell);
}

void record_inbox::tell() {
  std::lock_guard guard{tell_mutex_};
  if (tell_)
    tell_();
}

std::uint64_t record_inbox::stored_through() const {
  std::lock_guard guard{mutex_};
  return stored_through_;
}

bool record_inbox::ended() const {
  std::lock_guard guard{mutex_};
  return closed_ && (dropped_ || !connected_ || stored_through_ == last_ticket_);
}

void record_inbox::count_lost(std::int64_t records) {
  {
    std::lock_guard guard{mutex_};
    lost_ += records;
  }
  tell();
}

bool record_inbox::report_losses() {
  std::lock_guard guard{port_mutex_};
  if (port_ == nullptr)
    return false;
  std::int64_t lost = 0;
  {
    auto held = lock();
    std::swap(lost, lost_);
  }
  if (lost == 0)
    return false;
  port_->report_loss(lost, "sent to the stream faster than it stores, or longer than "
                           "receiver.max-record-bytes, by a sender that waits for no answer");
  return true;
}

void record_inbox::connect(receiver_port* port) {
  report_losses(); // to the receiver that ends
  std::optional<std::string> last;
  {
    std::lock_guard guard{port_mutex_};
    port_ = port;
    if (port == nullptr)
      return;
    last = port->last_position();
  }
  sequence_sets known;
  if (last) {
    auto decoded = decode_sequences(*last);
    if (!decoded)
      throw decoded.error();
    known = *std::move(decoded);
  }
  {
    auto held = lock();
    connected_ = true;
    for (auto& [name, set] : known) {
      remember_sequence(held, name);
      taken_[name].merge(set);
    }
  }
  report_losses();
  push_block_if_wanted();
}

void record_inbox::attach(inbox_builder* builder) {
  std::lock_guard guard{builder_mutex_};
  builder_ = builder;
}

// In all streams together.
void record_inbox::move_waiting(std::uint64_t in, std::uint64_t out) {
  if (options_.shared) {
    options_.shared->used += in;
    options_.shared->used -= out;
  }
}

void record_inbox::remember_sequence(const lock_type&, const std::string& name) {
  auto fresh = !sequence_used_.contains(name);
  sequence_used_[name] = ++offers_with_number_;
  if (!fresh || sequence_used_.size() <= options_.max_sequences)
    return;
  auto oldest = sequence_used_.end();
  for (auto i = sequence_used_.begin(); i != sequence_used_.end(); ++i)
    // Numbers in the queue are to be told from repeats until they are taken.
    if (!queued_numbers_.contains(i->first) &&
        (oldest == sequence_used_.end() || i->second < oldest->second))
      oldest = i;
  if (oldest == sequence_used_.end())
    return;
  taken_.erase(oldest->first);
  sequence_used_.erase(oldest);
}

inbox_receipt record_inbox::decide(const lock_type& lock, std::uint64_t records,
                                   waiting_offer& offer, bool request) {
  using verdict = inbox_receipt::verdict;
  auto drop_or_refuse = [&](std::string why) -> inbox_receipt {
    if (request)
      return {verdict::refused, 0, std::move(why)};
    lost_ += static_cast<std::int64_t>(records);
    return {verdict::dropped, 0, std::move(why)};
  };
  if (closed_)
    return drop_or_refuse("records were refused: their stream has ended");
  auto repeated = false;
  if (offer.sequence) {
    auto& name = offer.sequence->sequence;
    if (name.size() > options_.max_sequence_name)
      return drop_or_refuse("a sequence whose name has " + std::to_string(name.size()) +
                            " bytes was refused: at most " +
                            std::to_string(options_.max_sequence_name) + " are taken");
    remember_sequence(lock, name);
    auto& taken = taken_[name];
    auto number = offer.sequence->number;
    auto queued = queued_numbers_.find(name);
    repeated = taken.contains(number) ||
               (queued != queued_numbers_.end() && queued->second.contains(number));
    if (!repeated && taken.begins_run(number) && taken.runs().size() >= options_.max_runs)
      return drop_or_refuse("sequence number " + std::to_string(number) +
                            " was refused: the numbers have more than " +
                            std::to_string(options_.max_runs) + " gaps; count up by one");
  }
  auto waiting = queued_bytes_ + under_way_bytes_ + repeat_bytes_;
  if (repeated || records == 0) {
    // Whatever waits for a repeated number was taken before; tickets are stored in order.
    if (stored_through_ == last_ticket_)
      return {verdict::stored, last_ticket_, {}};
    if (!request)
      return {verdict::taken, last_ticket_, {}};
    if (waiting + offer_bytes > options_.request_budget)
      return drop_or_refuse("a repeat was refused: " + std::to_string(waiting) +
                            " bytes wait to be stored; send it again later");
    if (repeats_.empty() || repeats_.back().first != last_ticket_)
      repeats_.emplace_back(last_ticket_, 0);
    ++repeats_.back().second;
    repeat_bytes_ += offer_bytes;
    last_request_ = last_ticket_;
    return {verdict::taken, last_ticket_, {}};
  }
  if (offer.bytes > options_.request_budget)
    return drop_or_refuse("a message of " + std::to_string(offer.bytes) +
                          " bytes was refused: at most " + std::to_string(options_.request_budget) +
                          " bytes may wait to be stored; send smaller ones");
  if (waiting != 0 && waiting + offer.bytes > (request ? options_.request_budget : options_.budget))
    return drop_or_refuse("records were refused: " + std::to_string(waiting) +
                          " bytes wait to be stored; send them again later");
  if (auto& shared = options_.shared) {
    // Plain records leave half of it to requests.
    auto all = shared->used.load();
    if (all != 0 && all + offer.bytes > (request ? shared->limit : shared->limit / 2))
      return drop_or_refuse("records were refused: " + std::to_string(all) +
                            " bytes wait to be stored in all streams; send them again later");
  }
  move_waiting(offer.bytes, 0);
  offer.ticket = ++last_ticket_;
  queued_bytes_ += offer.bytes;
  if (offer.sequence)
    queued_numbers_[offer.sequence->sequence].insert(offer.sequence->number);
  if (request)
    last_request_ = offer.ticket;
  return {verdict::taken, offer.ticket, {}};
}

bool record_inbox::goes_under_way(const lock_type&, const waiting_offer& offer) {
  if (!offer.sequence)
    return true;
  if (auto i = queued_numbers_.find(offer.sequence->sequence); i != queued_numbers_.end()) {
    i->second.erase(offer.sequence->number);
    if (i->second.empty())
      queued_numbers_.erase(i);
  }
  return taken_[offer.sequence->sequence].insert(offer.sequence->number);
}

void record_inbox::under_way(const lock_type&, std::uint64_t ticket, std::uint64_t bytes,
                             bool has_records) {
  queued_bytes_ -= bytes;
  sealed_through_ = ticket;
  if (has_records) {
    under_way_bytes_ += bytes;
    blocks_.push_back({ticket, bytes});
    return;
  }
  move_waiting(0, bytes);
  if (blocks_.empty()) {
    untold_ = untold_ || last_request_ > stored_through_ || closed_;
    stored_is(ticket);
  } else {
    blocks_.back().ticket = ticket;
  }
}

std::optional<std::string> record_inbox::position(const lock_type&) const {
  if (taken_.empty())
    return std::nullopt;
  return encode_sequences(taken_);
}

void record_inbox::after_offer(const inbox_receipt& receipt) {
  if (receipt.what == inbox_receipt::verdict::taken)
    push_block_if_wanted();
  else if (receipt.what == inbox_receipt::verdict::dropped)
    tell();
}

// A block is wanted at once when there is enough for one, or when somebody waits for what is in the
// queue and nothing is under way; while something is, requests gather for the next block.
bool record_inbox::wants_block(const lock_type&) const {
  if (queued_bytes_ == 0 && sealed_through_ == last_ticket_)
    return false;
  return (blocks_.empty() && last_request_ > sealed_through_) ||
         (blocks_.size() < 2 && queued_bytes_ >= options_.budget / 16);
}

void record_inbox::push_block_if_wanted() {
  {
    auto held = lock();
    if (!wants_block(held))
      return;
  }
  std::lock_guard guard{builder_mutex_};
  if (builder_ != nullptr)
    builder_->push_block();
}

void record_inbox::block_stored() {
  bool awaited = false;
  {
    auto held = lock();
    if (blocks_.empty())
      return;
    awaited = last_request_ > stored_through_ || closed_;
    move_waiting(0, blocks_.front().bytes);
    under_way_bytes_ -= blocks_.front().bytes;
    auto ticket = blocks_.front().ticket;
    blocks_.pop_front();
    stored_is(ticket);
  }
  if (awaited)
    tell();
  push_block_if_wanted();
}

void record_inbox::stored_is(std::uint64_t ticket) {
  stored_through_ = ticket;
  for (; !repeats_.empty() && repeats_.front().first <= ticket; repeats_.pop_front())
    repeat_bytes_ -= repeats_.front().second * offer_bytes;
}

void record_inbox::tell_of_repeats() {
  {
    auto held = lock();
    if (!std::exchange(untold_, false))
      return;
  }
  tell();
}

void record_inbox::blocks_dropped() {
  {
    auto held = lock();
    dropped_ = true;
  }
  tell();
}

void record_inbox::close() {
  {
    auto held = lock();
    closed_ = true;
  }
  tell();
}

inbox_builder::inbox_builder(builder_options options, std::shared_ptr<record_inbox> inbox)
  : block_builder(std::move(options)), inbox_(std::move(inbox)) {
  inbox_->attach(this);
}

inbox_builder::~inbox_builder() { inbox_->attach(nullptr); }

void inbox_builder::push_block() {
  {
    auto held = lock();
    seal_and_tell(held);
  }
  inbox_->tell_of_repeats();
}

data::payload inbox_builder::take_open() {
  auto most = allowed_now();
  if (most == 0)
    return {};
  auto block = inbox_->take_block(most, position_);
  tokens_ -= static_cast<double>(block.records());
  lock_type of_the_caller;
  count_accepted(of_the_caller, block.records());
  return block;
}

// The limiter's own bucket is too small for who comes by only at each cut.
std::uint64_t inbox_builder::allowed_now() {
  constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();
  auto rate = options().limiter ? options().limiter->rate() : std::nullopt;
  auto now = std::chrono::steady_clock::now();
  auto pause = std::chrono::duration<double>{now - filled_at_.value_or(now)};
  filled_at_ = now;
  if (!rate) {
    tokens_ = 0;
    return no_limit;
  }
  tokens_ = std::min(tokens_ + *rate * pause.count(), std::max(1.0, *rate * longest_pause.count()));
  if (is_closed())
    return no_limit; // the end of the stream takes all there is
  return tokens_ < 1 ? 0 : static_cast<std::uint64_t>(tokens_);
}

std::unique_ptr<any_receiver> inbox_source::make_receiver() const {
  return std::make_unique<inbox_receiver>(inbox_, level_);
}

std::unique_ptr<block_builder> inbox_source::make_builder(const builder_options& options) const {
  return std::make_unique<inbox_builder>(options, inbox_);
}

} // namespace caf_stream::ingest
