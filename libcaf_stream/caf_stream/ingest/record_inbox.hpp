#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/ingest/receiver_port.hpp"
#include "caf_stream/ingest/record_builder.hpp"
#include "caf_stream/ingest/sequence_set.hpp"

// Where records wait that are sent to a stream, not fetched by it: who offers them never waits, so
// what cannot be taken is dropped or refused, and said. It is there before the stream runs and
// outlives its receivers.
//
//   offer ──> waiting ──(cut, or a request and nothing under way)──> under way ──stored──> answered
//
// Each offer has a ticket; tickets are stored in order. What is offered with a sequence number is
// taken once, however often it comes; which numbers have been taken goes with each block as its
// position, so that a stream that begins again knows them.

namespace caf_stream::ingest {

class inbox_builder;

/// What waits in the inboxes of one context, all together. Each has a budget of its own as well.
struct shared_budget {
  explicit shared_budget(std::uint64_t bytes) : limit(bytes) {}
  const std::uint64_t limit;
  std::atomic<std::uint64_t> used{0};
};

/// Bytes count with what it takes to keep an offer: a million empty records are not nothing.
struct inbox_options {
  /// What is offered without asking for an answer is dropped when more than this would wait.
  std::uint64_t budget = std::uint64_t{64} << 20;

  /// What asks for an answer is refused when more than this would wait.
  std::uint64_t request_budget = std::uint64_t{128} << 20;

  std::uint64_t max_record_bytes = std::uint64_t{16} << 20;

  /// Runs of a sequence that are remembered; a number that would begin one more is refused.
  std::size_t max_runs = 65'536;

  /// Sequences that are remembered. A new one takes the place of that which nothing has been
  /// offered with for the longest time; a number of a forgotten one counts as new.
  std::size_t max_sequences = 1024;

  /// Longer names of sequences are refused.
  std::size_t max_sequence_name = 256;

  /// Of all streams of a context; null: only this one's budgets count.
  std::shared_ptr<shared_budget> shared = nullptr;
};

/// One of several sequences that senders count in; without a name the stream's own.
struct sequence_number {
  std::uint64_t number = 0;
  std::string sequence = {};
};

/// What became of an offer.
struct inbox_receipt {
  enum class verdict {
    taken,   ///< it is stored when `stored_through()` has reached `ticket`
    stored,  ///< it is stored already
    dropped, ///< there was no room, and nobody asked for an answer; counted
    refused, ///< `why` says for what reason
  };
  verdict what = verdict::taken;
  std::uint64_t ticket = 0;
  std::string why = {};
};

/// The part that does not depend on what records are. Thread-safe.
class record_inbox {
public:
  explicit record_inbox(inbox_options options);
  virtual ~record_inbox();

  record_inbox(const record_inbox&) = delete;
  record_inbox& operator=(const record_inbox&) = delete;

  // -- for whoever answers senders ---------------------------------------------------------------

  /// Called, from any thread and without a lock held, when there is something to look at: an
  /// awaited ticket is stored, something was dropped, the inbox has ended.
  void on_change(std::function<void()> tell);

  std::uint64_t stored_through() const;

  /// True when nothing is taken any more and nothing waits to be stored.
  bool ended() const;

  /// Counts records that were lost on the way here.
  void count_lost(std::int64_t records);

  /// Reports what was dropped since the last report, if there is any, and a receiver to report to.
  bool report_losses();

  // -- for the receiver of the stream ------------------------------------------------------------

  /// A receiver begins, or ends where `port` is null. Nothing is taken out before the first one,
  /// whose port knows the numbers that were taken in an earlier life of the stream. Losses are
  /// reported to `port`.
  void connect(receiver_port* port);

  // -- for the builder of the stream -------------------------------------------------------------

  void attach(inbox_builder* builder);

  /// Moves what waits into a block, at most about `most_records`, and says how far sequences have
  /// come with it. An empty payload when there is nothing.
  virtual data::payload take_block(std::uint64_t most_records,
                                   std::optional<std::string>& position) = 0;

  /// The oldest block that was taken is stored.
  void block_stored();

  /// Blocks that were taken will not be stored.
  void blocks_dropped();

  /// Offers are refused from now on. What waits can still be taken.
  void close();

  /// Without the builder's lock, after a block may have been made: tells of offers that turned out
  /// to be stored already.
  void tell_of_repeats();

protected:
  /// What an offer takes beside its records, about: its place in the queue, its number among those
  /// that wait, and who waits for the answer.
  static constexpr std::uint64_t offer_bytes = 256;

  /// An offer that waits, without its records.
  struct waiting_offer {
    std::uint64_t ticket = 0;
    std::uint64_t bytes = 0;
    std::optional<sequence_number> sequence;
  };

  using lock_type = std::unique_lock<std::mutex>;
  lock_type lock() const { return lock_type{mutex_}; }

  const inbox_options& options() const noexcept { return options_; }

  /// Decides about an offer; where it is taken, `offer` is filled in and the caller keeps it.
  inbox_receipt decide(const lock_type&, std::uint64_t records, waiting_offer& offer, bool request);

  bool may_be_taken(const lock_type&) const noexcept { return connected_; }

  /// The offer goes into a block now. False when its sequence number has been taken before.
  bool goes_under_way(const lock_type&, const waiting_offer& offer);

  /// A block was made of the offers up to `ticket`, or nothing was left of them.
  void under_way(const lock_type&, std::uint64_t ticket, std::uint64_t bytes, bool has_records);

  std::optional<std::string> position(const lock_type&) const;

  /// After each offer, without the lock: what is to be done at once.
  void after_offer(const inbox_receipt& receipt);

private:
  struct block_under_way {
    std::uint64_t ticket = 0;
    std::uint64_t bytes = 0;
  };

  void tell();
  bool wants_block(const lock_type&) const;
  void remember_sequence(const lock_type&, const std::string& name);
  void move_waiting(std::uint64_t in, std::uint64_t out);
  void stored_is(std::uint64_t ticket);
  void push_block_if_wanted();

  const inbox_options options_;
  mutable std::mutex mutex_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t sealed_through_ = 0; // tickets that left the queue
  std::uint64_t stored_through_ = 0;
  std::uint64_t last_request_ = 0; // the youngest ticket somebody waits for
  std::uint64_t queued_bytes_ = 0;
  std::uint64_t under_way_bytes_ = 0;
  std::deque<block_under_way> blocks_;
  sequence_sets taken_;
  std::map<std::string, std::set<std::uint64_t>> queued_numbers_;
  std::map<std::string, std::uint64_t> sequence_used_; // when something was last offered with it
  std::uint64_t offers_with_number_ = 0;
  std::deque<std::pair<std::uint64_t, std::uint64_t>> repeats_; // that wait for a ticket, how many
  std::uint64_t repeat_bytes_ = 0;
  bool untold_ = false; // offers are stored that nobody was told of
  std::int64_t lost_ = 0;
  bool connected_ = false; // once there was a receiver
  bool closed_ = false;
  bool dropped_ = false; // blocks were dropped: what waits is not stored any more

  std::mutex port_mutex_; // before the port's own locks
  receiver_port* port_ = nullptr;

  std::mutex tell_mutex_;
  std::function<void()> tell_;

  std::mutex builder_mutex_; // before the builder's own lock
  inbox_builder* builder_ = nullptr;
};

/// Builds blocks of what waits in an inbox.
class inbox_builder final : public block_builder {
public:
  inbox_builder(builder_options options, std::shared_ptr<record_inbox> inbox);
  ~inbox_builder() override;

  /// Makes a block of what waits, and tells that it is ready.
  void push_block();

  void after_stored() override { inbox_->block_stored(); }
  void after_dropped() override { inbox_->blocks_dropped(); }

private:
  data::payload take_open() override;
  std::optional<std::string> sealed_position() override { return std::move(position_); }
  void after_close() override { inbox_->close(); }
  void after_cut(bool) override { inbox_->tell_of_repeats(); }
  std::uint64_t allowed_now();

  std::shared_ptr<record_inbox> inbox_;
  std::optional<std::string> position_;
  double tokens_ = 0; // records that the rate limit lets pass
  std::optional<rate_limiter::time_point> filled_at_;
};

/// Owned records of type T that wait.
template <class T>
class inbox_of final : public record_inbox {
public:
  static_assert(!is_view_v<T>);

  using record_inbox::record_inbox;

  /// Takes the records, all or none; never waits. `request`: the caller waits for the receipt's
  /// ticket, and there is more room.
  inbox_receipt offer(std::vector<T> records, bool request,
                      std::optional<sequence_number> sequence = std::nullopt) {
    inbox_receipt receipt;
    waiting_offer waiting;
    waiting.sequence = std::move(sequence);
    waiting.bytes = offer_bytes;
    for (const T& record : records) {
      waiting.bytes += codec::footprint(record);
      if (auto bytes = record_bytes(record); bytes > options().max_record_bytes)
        return refused("a record of " + std::to_string(bytes) +
                         " bytes was refused: the limit is " +
                         std::to_string(options().max_record_bytes) + " bytes",
                       records.size(), request);
    }
    {
      auto held = lock();
      receipt = decide(held, records.size(), waiting, request);
      if (receipt.what == inbox_receipt::verdict::taken && waiting.ticket != 0)
        queue_.emplace_back(std::move(waiting), std::move(records));
    }
    after_offer(receipt);
    return receipt;
  }

  data::payload take_block(std::uint64_t most_records,
                           std::optional<std::string>& position_after) override {
    auto held = lock();
    data::record_list_builder<T> block;
    std::uint64_t ticket = 0;
    std::uint64_t bytes = 0;
    while (may_be_taken(held) && !queue_.empty() && block.size() < most_records) {
      auto [offer, records] = std::move(queue_.front());
      queue_.pop_front();
      ticket = offer.ticket;
      bytes += offer.bytes;
      if (goes_under_way(held, offer))
        for (auto&& record : records)
          block.push_back(std::move(record));
    }
    if (ticket == 0)
      return {};
    under_way(held, ticket, bytes, block.size() != 0);
    position_after = position(held);
    return block.size() == 0 ? data::payload{} : block.take();
  }

private:
  // What nobody waits for cannot be refused, only counted.
  inbox_receipt refused(std::string why, std::size_t records, bool request) {
    if (request)
      return {inbox_receipt::verdict::refused, 0, std::move(why)};
    count_lost(static_cast<std::int64_t>(records));
    return {inbox_receipt::verdict::dropped, 0, std::move(why)};
  }

  std::deque<std::pair<waiting_offer, std::vector<T>>> queue_;
};

/// Receivers that do nothing: what they would fetch is offered to the inbox.
class inbox_source final : public receiver_source {
public:
  inbox_source(std::string kind, std::shared_ptr<record_inbox> inbox, storage_level level)
    : kind_(std::move(kind)), inbox_(std::move(inbox)), level_(level) {}

  std::string kind() const override { return kind_; }
  std::unique_ptr<any_receiver> make_receiver() const override;
  std::unique_ptr<block_builder> make_builder(const builder_options& options) const override;

private:
  std::string kind_;
  std::shared_ptr<record_inbox> inbox_;
  storage_level level_;
};

} // namespace caf_stream::ingest
