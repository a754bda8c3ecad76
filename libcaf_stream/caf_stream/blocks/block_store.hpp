#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "caf_stream/base/byte_count.hpp"
#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/data/payload.hpp"

// What a node keeps in memory, within a budget: blocks of receivers, partitions of persisted data
// sets, pieces of shuffles. All count against the budget, but they differ in who has to give way:
//
//   blocks              refused when full; whoever brought one waits, and with it the receiver
//   kept partitions     refused when full, unless nothing could compute them again
//   pieces of shuffles  always kept: the job that made them ends and takes them with it
//
// A first block is kept whatever else is there, so a budget that is too small makes the stream
// slow but does not stop it.

namespace caf_stream::blocks {

enum class put_result {
  kept,
  full, ///< nothing changed; try again when something was forgotten
};

/// What happens to something that exceeds the budget.
enum class when_full { refuse, keep };

/// A data set whose computed partitions are kept: the operator, the batch, and the place among the
/// data sets that the operator makes for a batch.
struct kept_set {
  operator_id op;
  batch_time time{};
  std::uint32_t path = 0;
  friend auto operator<=>(const kept_set&, const kept_set&) = default;
};

/// What one map task made for a shuffle.
struct piece_key {
  job_id job = 0;
  std::uint32_t stage = 0;
  partition_id partition = 0;
  friend auto operator<=>(const piece_key&, const piece_key&) = default;
};

/// Belongs to one actor: not thread-safe. Payloads are shared, so forgetting one that a task still
/// reads frees it when the task is done.
class block_store {
public:
  explicit block_store(byte_count budget);

  /// Keeps a block. One that is there already stays as it is and counts as kept.
  put_result put(const block_id& id, data::payload block);

  /// The block, or an empty payload.
  data::payload find(const block_id& id) const;

  /// False when there was none.
  bool forget(const block_id& id);

  /// Keeps a computed partition of a persisted data set; replaces one that is there.
  put_result put_kept(const kept_set& set, partition_id partition, data::payload records,
                      when_full rule = when_full::refuse);

  data::payload find_kept(const kept_set& set, partition_id partition) const;

  /// The partitions of a data set that are kept.
  std::vector<partition_id> kept_partitions(const kept_set& set) const;

  void forget_kept(const kept_set& set);

  /// Forgets what an operator made for the batches up to and including `time`.
  void forget_kept_through(operator_id op, batch_time time);

  /// Keeps the pieces that a map task made, one for each target; replaces those of an earlier
  /// attempt.
  void put_pieces(const piece_key& key, std::vector<data::payload> pieces);

  bool has_pieces(const piece_key& key) const;

  /// The piece for `target`; nothing when the task's pieces are not here. A piece without records
  /// may be an empty payload.
  std::optional<data::payload> find_piece(const piece_key& key, partition_id target) const;

  /// Forgets all pieces of a job.
  void forget_job(job_id job);

  byte_count used() const noexcept { return used_; }
  byte_count budget() const noexcept { return budget_; }
  std::size_t blocks() const noexcept { return blocks_.size(); }

  /// What pieces and kept partitions take of `used`.
  byte_count used_by_pieces() const noexcept { return used_by_pieces_; }
  byte_count used_by_kept() const noexcept { return used_by_kept_; }

private:
  struct kept_key {
    kept_set set;
    partition_id partition = 0;
    friend auto operator<=>(const kept_key&, const kept_key&) = default;
  };
  using kept_map = std::map<kept_key, data::payload>;
  using piece_map = std::map<piece_key, std::vector<data::payload>>;

  bool fits(byte_count more) const noexcept { return used_ + more <= budget_; }
  void erase_kept(kept_map::iterator first, kept_map::iterator last);
  void erase_pieces(piece_map::iterator first, piece_map::iterator last);

  byte_count budget_;
  byte_count used_;
  byte_count used_by_kept_;
  byte_count used_by_pieces_;
  std::map<block_id, data::payload> blocks_;
  kept_map kept_;
  piece_map pieces_;
};

} // namespace caf_stream::blocks
