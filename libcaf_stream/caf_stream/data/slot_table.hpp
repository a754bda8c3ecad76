#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "caf_stream/data/hash_kernels.hpp"
#include "caf_stream/data/slot_memory.hpp"
#include "caf_stream/data/table_seed.hpp"

// What all hash tables share, whatever their keys and values: the memory of the slots, growing,
// erasing, walking. hash_kernels.hpp describes a slot.
//
//   | slot 0 | slot 1 | ... | slot capacity - 1 | for the number -1 | always empty |
//
// Capacities are powers of two. A table is at most 5/8 full (fuller, more keys are not where they
// are looked for first: 3/4 took a tenth longer); it grows to four times its capacity while that is
// small, then to twice. So an entry takes 1.6 to 3.2 slots once there are some 80,000 of them; a
// slot is 24 bytes for a string, 8 for a number, and the value.

namespace caf_stream::data {

/// How the entries of a table lie in its slots, and what moves and ends them.
struct slot_layout {
  /// How a key's home is found again from the first eight bytes of its slot.
  enum class home { by_tag, by_word };

  std::size_t stride; ///< a multiple of 8
  home homes;
  /// Moves an entry to an empty slot and ends it in the old one; null where copying bytes will do.
  void (*relocate)(std::byte* to, std::byte* from) noexcept;
  /// Ends an entry; null where nothing is to be done.
  void (*destroy)(std::byte* slot) noexcept;
};

class slot_table {
public:
  slot_table(table_seed seed, const slot_layout& layout);
  slot_table(slot_table&& other) noexcept;
  slot_table& operator=(slot_table&& other) noexcept;
  ~slot_table();

  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  std::size_t memory_bytes() const noexcept { return memory_.size(); }

  /// Empty, but valid to probe, before the first growth.
  const table_view& view() const noexcept { return view_; }

  /// How many more entries fit.
  std::size_t room() const noexcept { return limit_ - size_; }

  /// Counts entries that kernels put in or, with `take_back`, that it empties again. Slots are
  /// given in the order they were filled in, and nothing may have happened since.
  void added(std::size_t n) noexcept { size_ += n; }
  void take_back(const found_slot* slots, std::size_t n) noexcept;

  /// Moves all entries to more memory. Throws std::bad_alloc or, beyond 2^31 slots,
  /// std::length_error; then nothing has changed.
  void grow();

  /// Makes room for `n` entries in all.
  void reserve(std::size_t n);

  /// Gives back memory where most of it is empty. Where there is none to move to, all stays.
  void shrink() noexcept;

  /// Ends all entries. Keeps the memory.
  void clear() noexcept;

  /// Ends an entry and closes the gap: later entries may move.
  void erase(std::byte* slot) noexcept;

  /// The first empty slot for a key with this home.
  std::byte* empty_slot(std::byte* home) const noexcept;

  /// Where to look first for the key of a slot whose first eight bytes are `meta`.
  std::byte* home_of_tag(std::uint64_t meta) const noexcept {
    auto pair = static_cast<std::uint32_t>((meta >> 32) * view_.multiplier) >> view_.shift;
    return view_.begin + 2 * view_.stride * pair;
  }

  /// Slots are numbered from 0 to `slot_count()`.
  std::size_t slot_count() const noexcept { return capacity_ == 0 ? 0 : capacity_ + 1; }
  std::byte* slot(std::size_t number) const noexcept { return view_.begin + number * view_.stride; }
  bool used(std::size_t number) const noexcept { return is_used(slot(number)); }

  /// A slot's first eight bytes, zero where it is empty.
  static std::uint64_t head(const std::byte* slot) noexcept {
    std::uint64_t word;
    std::memcpy(&word, slot, sizeof(word));
    return word;
  }
  static bool is_used(const std::byte* slot) noexcept { return head(slot) != 0; }

  /// Writes the numbers of used slots from `at` on, at most `capacity`, and moves `at` behind them;
  /// 0 once there are no more.
  std::size_t used_slots(std::size_t& at, std::uint32_t* out, std::size_t capacity) const noexcept;

private:
  void rehash(std::size_t capacity);
  void forget() noexcept;
  void end_entries() noexcept;
  std::byte* home(const std::byte* slot) const noexcept;
  void move_slot(std::byte* to, std::byte* from) const noexcept;

  table_seed seed_;
  slot_layout layout_;
  slot_memory memory_;
  table_view view_;
  std::size_t size_ = 0;
  std::size_t limit_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace caf_stream::data
