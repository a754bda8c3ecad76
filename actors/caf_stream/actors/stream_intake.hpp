#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <caf/actor.hpp>

#include "caf_stream/actors/environment.hpp"
#include "caf_stream/actors/messages.hpp"
#include "caf_stream/data/block.hpp"
#include "caf_stream/ingest/block_builder.hpp"
#include "caf_stream/ingest/rate_limiter.hpp"
#include "caf_stream/ingest/receiver_port.hpp"

// What a stream has taken in and not yet stored: the builder that its receiver's threads fill, and
// the blocks under way. It belongs to the stream on its node and outlives every actor that works on
// it, so none of them can lose records by dying. A block gets its id when it leaves the builder; a
// generator that takes over stores it again under the same id, which keeper and ledger know.

namespace caf_stream::actors {

class stream_intake {
public:
  stream_intake(environment_ptr context, const ingest::receiver_source& source, stream_id stream);

  stream_id stream() const noexcept { return stream_; }
  ingest::block_builder& builder() noexcept { return *builder_; }
  const std::shared_ptr<ingest::rate_limiter>& limiter() const noexcept { return limiter_; }

  // -- for the receiver, through the port of its life --------------------------------------------

  status store(data::payload block, std::optional<std::string> position);
  std::optional<std::string> last_position() const;
  void report_loss(std::int64_t records, const std::string& reason);
  void ask_supervisor(receiver_request request);

  /// How the receiver wants its blocks kept.
  void set_level(storage_level level) noexcept { level_ = level; }

  // -- for the block generator -------------------------------------------------------------------

  struct entry {
    data::block_info info;
    data::payload block;
    std::uint64_t ticket = 0; ///< of a store() that waits; 0: it came out of the builder
    std::optional<std::string> position;
  };

  /// One generator at a time works on the stream: the one that began its shift last. What an
  /// earlier one still asks for is refused.
  std::uint64_t begin_shift();

  /// The oldest block that is not stored yet, if it is not in the open block.
  std::optional<entry> front(std::uint64_t shift);

  storage_level level() const noexcept { return level_; }

  /// Cuts the open block. Returns the youngest block that is not stored yet.
  std::optional<block_id> cut(std::uint64_t shift);

  /// The block in front is stored: whoever waits for it goes on. False when it is not in front, or
  /// the shift is over: then another generator stores it, under the same id.
  bool front_done(std::uint64_t shift, const block_id& id);

  /// Drops all that is not stored. Returns the number of records.
  std::int64_t drop_all(std::uint64_t shift);

  // -- for the supervisor ------------------------------------------------------------------------

  /// Begins a life of a receiver and returns its number; 0 while an earlier one has not ended.
  std::uint64_t begin_life();
  void life_ended();

  /// Records taken in since the stream began. One that stays the same is a sign of a receiver that
  /// hangs, unless `has_waiting_producer`.
  std::uint64_t received() const;

  /// True while a thread of the receiver waits for room, for the rate limit, or for its block to
  /// be stored.
  bool has_waiting_producer() const;

  /// Ends the waits of the receiver's threads; what they store is refused until the next life.
  void interrupt();

  /// No more records; all waits end.
  void close();

  /// Tells whom to ask from now on.
  void connect(caf::actor supervisor);
  void connect_generator(caf::actor generator);
  void connect_bus(caf::actor bus);

private:
  status store_held(std::unique_lock<std::mutex>& guard, data::payload block,
                    std::optional<std::string> position);
  entry next_entry(data::payload block, std::optional<std::string> position);
  void wake_generator();

  environment_ptr context_;
  stream_id stream_;
  std::shared_ptr<ingest::rate_limiter> limiter_;
  std::unique_ptr<ingest::block_builder> builder_;

  std::atomic<storage_level> level_{storage_level::memory_and_disk};

  mutable std::mutex mutex_;
  std::condition_variable stored_;
  std::deque<entry> under_way_;
  std::uint64_t next_number_ = 0;
  std::uint64_t next_ticket_ = 1;
  std::uint64_t whole_blocks_ = 0; // records that came in them
  std::size_t storing_ = 0;        // calls of store() under way
  std::uint64_t shift_ = 0;
  std::uint64_t lives_ = 0;
  bool living_ = false;
  bool interrupted_ = false;        // until the next life begins
  std::uint64_t interruptions_ = 0; // waits that began before the last one are cut short
  bool closed_ = false;
  std::optional<std::string> position_;
  caf::actor supervisor_;
  caf::actor generator_;
  caf::actor bus_;
};

/// The port of one life of a receiver. A life that is over stays so, whatever comes after it.
class receiver_life final : public ingest::receiver_port {
public:
  receiver_life(environment_ptr context, std::shared_ptr<stream_intake> intake,
                std::uint64_t number)
    : context_(std::move(context)), intake_(std::move(intake)), number_(number) {}

  std::uint64_t number() const noexcept { return number_; }

  /// The receiver is to end. `interrupt`: at once, also where it waits.
  void end(bool interrupt);

  /// The level of the receiver that was made.
  void set_level(storage_level level) noexcept { intake_->set_level(level); }

  /// The receiver has ended, and all its threads.
  void ended() { intake_->life_ended(); }

  stream_id stream() const noexcept override { return intake_->stream(); }
  ingest::block_builder& builder() override;
  status store(data::payload block, std::optional<std::string> position) override;
  std::optional<std::string> last_position() const override { return intake_->last_position(); }
  void report_error(const std::string& text) override;
  void report_loss(std::int64_t records, const std::string& reason) override;
  void restart(const std::string& text, std::optional<duration> delay) override;
  void stop(const std::string& text) override;
  bool is_stopped() const noexcept override;

private:
  void ask(receiver_request::kind what, const std::string& text,
           std::optional<duration> delay = std::nullopt);

  environment_ptr context_;
  std::shared_ptr<stream_intake> intake_;
  std::uint64_t number_;
  std::atomic<bool> stopped_{false};
};

} // namespace caf_stream::actors
