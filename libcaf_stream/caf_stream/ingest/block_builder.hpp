#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "caf_stream/base/error.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/ingest/rate_limiter.hpp"

// Where the records of a receiver become blocks. Threads of the receiver add records to the open
// block; it is sealed when it is large enough or when it is cut, and then waits to be taken.
//
//   add ──> open block ──(block size, cut)──> sealed, sealed ──take──> block generator
//
// A producer waits while `max_sealed` blocks have not been taken, so a stream holds at most that
// many blocks, one cut early and the open one. The consumer never waits.
//
// A builder belongs to the stream and outlives its receivers:
//   open ──interrupt──> interrupted ──resume──> open     a receiver ends, another one begins
//   any  ──close──> closed                               the stream ends

namespace caf_stream::ingest {

struct builder_options {
  /// A block is sealed when it has this many bytes; at most 1 GiB.
  std::uint64_t block_size = std::uint64_t{4} << 20;

  /// Longer records are refused; at most 1 GiB.
  std::uint64_t max_record_bytes = std::uint64_t{16} << 20;

  /// Sealed blocks that may wait to be taken before producers wait.
  std::size_t max_sealed = 2;

  /// Memory of blocks no longer used that a builder of text keeps for its next ones. As much as a
  /// batch has saves all page faults, which cost a fast stream a fifth of its speed. A stream
  /// without input gives it back within a few cuts.
  std::uint64_t spare_bytes = std::uint64_t{64} << 20;

  /// Null: no limit.
  std::shared_ptr<rate_limiter> limiter;

  /// Called, from the thread that added a record and without a lock held, whenever a block has
  /// become ready to be taken by its size.
  std::function<void()> on_sealed;
};

/// The part that does not depend on what records are. Thread-safe.
class block_builder {
public:
  explicit block_builder(builder_options options);
  virtual ~block_builder();

  block_builder(const block_builder&) = delete;
  block_builder& operator=(const block_builder&) = delete;

  /// The oldest sealed block, or an empty payload when there is none. `position`, where given, is
  /// how far the source has been received with it, where the builder knows.
  data::payload take(std::optional<std::string>* position = nullptr);

  /// Called once for each block that was taken, in order, when it is stored.
  virtual void after_stored();

  /// Called when the blocks that were taken and not stored are dropped: the stream ends at once.
  virtual void after_dropped();

  /// Adds a whole block, behind the records added before; waits for the rate limit and for room. On
  /// an error, errc::stopped, it was not taken.
  status add_block(data::payload block);

  /// Longer records are refused.
  std::uint64_t max_record_bytes() const noexcept { return options_.max_record_bytes; }

  /// Seals the open block if it has records, however many sealed ones there are. One thread at a
  /// time.
  void cut();

  /// Ends all waits: until `resume`, records are refused with errc::stopped. What was added before
  /// stays. For a receiver that has to end at once; one that is stopped gracefully goes on storing
  /// until its `on_stop` returns.
  void interrupt();

  /// Undoes `interrupt`: called before a receiver starts.
  void resume();

  /// Refuses records for good, with errc::stopped, and ends all waits. What was added before can
  /// still be cut and taken.
  void close();

  /// Sealed blocks that wait to be taken.
  std::size_t sealed() const;

  /// Records added since the builder was made.
  std::uint64_t accepted() const;

  /// True while a producer waits for room or for the rate limit.
  bool has_waiting_producer() const;

protected:
  using lock_type = std::unique_lock<std::mutex>;

  /// What the open block holds, which is empty afterwards; an empty payload if that is nothing.
  /// Called with the lock held.
  virtual data::payload take_open() = 0;

  /// How far the source has been received with the block that take_open() gave just now; stored
  /// with it. Called with the lock held.
  virtual std::optional<std::string> sealed_position();

  /// Called when the stream has ended, without the lock.
  virtual void after_close();

  /// Called after each cut, without the lock: did it find anything to seal?
  virtual void after_cut(bool had_records);

  lock_type lock() const { return lock_type{mutex_}; }

  /// Waits until the limiter lets `n` records pass. errc::stopped when that was cut short.
  status wait_for_rate(lock_type& held, std::uint64_t n);

  /// Waits until another block may be filled. errc::stopped when that was cut short.
  status wait_for_room(lock_type& held);

  void count_accepted(lock_type&, std::uint64_t n) { accepted_ += n; }

  /// Seals the open block, and tells so once the lock, which it releases, is free.
  void seal_and_tell(lock_type& held);

  bool is_closed(const lock_type&) const { return is_closed(); }

  /// With the lock held.
  bool is_closed() const { return closed_; }

  const builder_options& options() const noexcept { return options_; }

private:
  struct sealed_block {
    data::payload block;
    std::optional<std::string> position;
  };

  bool seal();
  status refused_if_stopped() const;

  const builder_options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<sealed_block> sealed_;
  std::uint64_t accepted_ = 0;
  std::size_t waiting_ = 0;
  bool interrupted_ = false;
  bool closed_ = false;
};

} // namespace caf_stream::ingest
