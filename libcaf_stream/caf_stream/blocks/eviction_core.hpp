#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/blocks/kept_item.hpp"

// Accounts of memory and disk, and the decision what has to go when memory is used up: of what may
// go, what was used least recently. What somebody reads at the moment stays, since to write or drop
// it would free nothing. Writing and encoding is done by somebody else, order by order.

namespace caf_stream::blocks {

/// Write to disk, or encode, what has to change its form.
struct move_order {
  std::uint64_t number = 0;
  bool to_disk = false; ///< else: encode it
  data::payload records;
  std::string what; ///< for errors
};

/// Is there room for something?
enum class room {
  there,
  coming, ///< when the orders that are given out are carried out
  none,
};

/// What came of everything so far.
struct eviction_counts {
  std::uint64_t spilled = 0;       ///< items that were written
  std::uint64_t spilled_bytes = 0; ///< that they took in memory
  std::uint64_t file_bytes = 0;    ///< that they took on disk
  std::uint64_t dropped = 0;       ///< partitions that will be computed again
  std::uint64_t failed = 0;        ///< writes that failed
};

/// Belongs to one actor: not thread-safe.
class eviction_core {
public:
  eviction_core(byte_count memory, byte_count disk) : budget_(memory), disk_limit_(disk) {}

  /// Counts an item, whose records are in memory, and wants done what its level asks for.
  void add(kept_item& x);

  /// Has an item written without counting it in memory: somebody else has it until then. Requires
  /// may_be_written().
  void add_to_disk(kept_item& x);

  /// Could it be written if it were added now?
  bool may_be_written(const kept_item& x) const noexcept;

  /// The item is about to go. What an order for it brings is refused.
  void remove(kept_item& x);

  /// It was used just now.
  void touch(kept_item& x);

  /// Makes room for `size`: calls `drop` for what can be dropped, but not for partitions of
  /// `except`, and wants written what can be written.
  room make_room(byte_count size, const kept_set* except,
                 const std::function<void(kept_item&)>& drop);

  bool fits(byte_count more) const noexcept { return used_ + more <= budget_; }

  /// What is to be done now; a few orders at most are under way.
  std::optional<move_order> next_order();

  /// Orders under way, again: whoever had them is gone.
  std::vector<move_order> open_orders() const;

  /// An order was carried out: `records` take the place of what was there. Returns the item; null
  /// where it is gone.
  kept_item* finished(std::uint64_t order, data::payload records, byte_count file_bytes);

  /// An order could not be carried out: the item stays in memory. `lasting`: it never can. Else the
  /// disk is at fault, and nothing is written until try_disk_again(). Returns the incoming items
  /// that are not written either, in the order in which they came; they are to be removed.
  std::vector<kept_item*> failed(std::uint64_t order, bool lasting);

  /// Writing may have become possible.
  void try_disk_again() noexcept { disk_fails_ = false; }

  bool disk_fails() const noexcept { return disk_fails_; }
  byte_count used() const noexcept { return used_; }
  byte_count budget() const noexcept { return budget_; }
  byte_count disk_used() const noexcept { return disk_used_; }
  const eviction_counts& counts() const noexcept { return counts_; }

  /// What counts against the budget besides items.
  void count(byte_count more) noexcept { used_ += more; }
  void uncount(byte_count less) noexcept { used_ -= less; }

private:
  using item_list = boost::intrusive::list<kept_item, boost::intrusive::constant_time_size<false>>;

  bool disk_has_room(byte_count more) const noexcept {
    return !disk_fails_ && disk_used_ + more <= disk_limit_;
  }
  struct lingering {
    data::payload records;
    byte_count memory;
  };

  void let_go();
  void rest(kept_item& x);
  void want_written(kept_item& x);
  void back_to_memory(kept_item& x);

  byte_count budget_;
  byte_count disk_limit_;
  byte_count used_;
  byte_count leaving_; // of `used_`: what is on its way to disk
  byte_count disk_used_;
  bool disk_fails_ = false;
  std::uint64_t last_order_ = 0;
  item_list resting_;   // in memory, may go; least recently used first
  item_list to_write_;  // in the order in which it was wanted
  item_list to_encode_; // the same
  std::map<std::uint64_t, kept_item*> moving_;
  std::vector<lingering> lingering_; // written, and still read in memory, where they count
  eviction_counts counts_;
};

} // namespace caf_stream::blocks
