#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "caf_stream/blocks/eviction_core.hpp"

// What a node keeps, in memory within a budget and on disk within another: blocks of receivers,
// partitions of persisted data sets, pieces of shuffles. All that is in memory counts against the
// budget, but they differ in who has to give way:
//
//   blocks              written to disk where their level says so; else whoever brings another one
//                       waits, and with it the receiver
//   kept partitions     written to disk or dropped, by level, unless nothing could compute them
//                       again; refused when nothing can go
//   pieces of shuffles  always kept: the job that made them ends and takes them with it
//
// Who goes first: eviction_core.hpp. A first block is kept whatever else is there, so a budget that
// is too small makes the stream slow but does not stop it.

namespace caf_stream::blocks {

enum class put_result {
  kept,
  writing, ///< found no room in memory, but will on disk; is_writing() tells when that is decided
  soon,    ///< nothing changed; there will be room when what is ordered was carried out
  full,    ///< nothing changed; try again when something was forgotten
};

/// What happens to something that exceeds the budget.
enum class when_full { refuse, keep };

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
  /// `disk`: how much may be written there.
  explicit block_store(byte_count memory, byte_count disk = {});

  block_store(const block_store&) = delete;
  block_store& operator=(const block_store&) = delete;

  /// Keeps a block. One that is there already stays as it is and counts as kept.
  put_result put(const block_id& id, data::payload block,
                 storage_level level = storage_level::memory_only);

  /// The block, or an empty payload.
  data::payload find(const block_id& id);

  bool has(const block_id& id) const { return blocks_.count(id) != 0; }

  /// False when there was none.
  bool forget(const block_id& id);

  /// Keeps a computed partition of a persisted data set; replaces one that is there.
  put_result put_kept(const kept_set& set, partition_id partition, data::payload records,
                      storage_level level = storage_level::memory_only,
                      when_full rule = when_full::refuse);

  data::payload find_kept(const kept_set& set, partition_id partition);

  bool has_kept(const kept_partition& partition) const;

  /// The partitions of a data set that are kept.
  std::vector<partition_id> kept_partitions(const kept_set& set) const;

  void forget_kept(const kept_set& set);
  void forget_kept(const kept_partition& partition);

  /// Forgets what an operator made for the batches up to and including `time`.
  void forget_kept_through(operator_id op, batch_time time);

  /// Partitions that had to go since the last call.
  std::vector<kept_partition> take_dropped();

  /// Keeps the pieces that a map task made, one for each target; replaces those of an earlier
  /// attempt.
  void put_pieces(const piece_key& key, std::vector<data::payload> pieces);

  bool has_pieces(const piece_key& key) const;

  /// The piece for `target`; nothing when the task's pieces are not here. A piece without records
  /// may be an empty payload.
  std::optional<data::payload> find_piece(const piece_key& key, partition_id target) const;

  /// Forgets all pieces of a job.
  void forget_job(job_id job);

  /// True from put_result::writing until it was written, and is kept, or could not be, and is not
  /// here.
  bool is_writing(const item_key& key) const;

  /// Orders for whoever writes and encodes, and what came of them.
  std::optional<move_order> next_order() { return eviction_.next_order(); }
  std::vector<move_order> open_orders() const { return eviction_.open_orders(); }
  void finished(std::uint64_t order, data::payload records, byte_count file_bytes);
  void failed(std::uint64_t order, bool lasting);
  void try_disk_again() noexcept { eviction_.try_disk_again(); }
  bool disk_fails() const noexcept { return eviction_.disk_fails(); }

  byte_count used() const noexcept { return eviction_.used(); }
  byte_count budget() const noexcept { return eviction_.budget(); }
  byte_count disk_used() const noexcept { return eviction_.disk_used(); }
  const eviction_counts& counts() const noexcept { return eviction_.counts(); }
  std::size_t blocks() const noexcept { return blocks_.size(); }

  /// What pieces take of `used`.
  byte_count used_by_pieces() const noexcept { return used_by_pieces_; }

private:
  using block_map = std::map<block_id, kept_item>;
  using kept_map = std::map<kept_partition, kept_item>;
  using piece_map = std::map<piece_key, std::vector<data::payload>>;

  room make_room(byte_count size, const kept_set* except);
  void erase_kept(kept_map::iterator first, kept_map::iterator last);
  void erase_pieces(piece_map::iterator first, piece_map::iterator last);

  eviction_core eviction_;
  byte_count used_by_pieces_;
  block_map blocks_;
  kept_map kept_;
  piece_map pieces_;
  std::vector<kept_partition> dropped_;
};

} // namespace caf_stream::blocks
