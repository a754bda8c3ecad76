#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <utility>
#include <vector>

#include "caf_stream/data/page_memory.hpp"
#include "caf_stream/shuffle/key_table.hpp"

// What a window knows of each key, by number: a key has a row in an array, and the panes of the
// window name rows. So what leaves the window is not looked up, and entries are small whatever the
// keys are. The rows of keys that were erased go to new ones:
//
//   keys   ann -> 0, cat -> 2        rows   | 0: of ann | 1: nobody's | 2: of cat |

namespace caf_stream::stateful {

/// Rows of keys; a Row made from nothing is nobody's. Who has one changes in batches, as
/// state_partition says; what is in the rows is up to who holds them.
template <class K, class Row>
class keyed_rows {
public:
  using number = std::uint32_t;
  using table = shuffle::key_table<K, number>;

  explicit keyed_rows(data::table_seed seed) : numbers_(seed) {}

  Row& operator[](number i) noexcept { return rows_[i]; }
  const Row& operator[](number i) const noexcept { return rows_[i]; }

  /// Of the rows, with those that are nobody's.
  std::size_t size() const noexcept { return rows_.size(); }

  /// The keys and the numbers of their rows.
  const table& keys() const noexcept { return numbers_; }

  /// Asks for a row's memory, which is needed soon. Always inline, as all that only do this: GCC
  /// leaves out calls of functions that do nothing but prefetch.
  __attribute__((always_inline)) void expect(number i) const noexcept {
    __builtin_prefetch(rows_.data() + i, 1);
    if constexpr (64 % sizeof(Row) != 0)
      __builtin_prefetch(reinterpret_cast<const char*>(rows_.data() + i + 1) - 1, 1);
  }

  /// Calls f(number of the row, i) for the keys key_at(i), i < n, in order; new keys get rows.
  template <class KeyAt, class F>
  void visit(std::size_t n, KeyAt&& key_at, F&& f) {
    std::array<number, visited_at_once> found;
    for (std::size_t from = 0; from < n; from += visited_at_once) {
      auto count = std::min(visited_at_once, n - from);
      numbers_.upsert(
        count, [&](std::size_t i) -> decltype(auto) { return key_at(from + i); },
        [&](std::size_t i) { return found[i] = take(); },
        [&](number old, std::size_t i) {
          found[i] = old;
          expect(old);
        });
      for (std::size_t i = 0; i < count; ++i)
        f(found[i], from + i);
    }
  }

  /// Erases the keys for whose rows `condemned(row)` is true. Not in a batch that may be undone.
  template <class Condemned>
  void erase_if(Condemned&& condemned) {
    numbers_.erase_if([&](const auto&, number i) {
      if (!condemned(rows_[i]))
        return false;
      free_.resize(free_count_);
      free_.push_back(i);
      ++free_count_;
      rows_[i] = Row{};
      return true;
    });
    drop_last_rows();
    shrink();
  }

  /// The batch's keys are here to stay.
  void keep() noexcept {
    rows_before_ = rows_.size();
    free_before_ = free_count_;
  }

  /// Erases the keys that have come since the last keep().
  void undo() noexcept {
    if (rows_.size() == rows_before_ && free_count_ == free_before_)
      return;
    for (auto i = free_count_; i < free_before_; ++i)
      rows_[free_[i]] = Row{};
    erase_taken();
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(rows_before_), rows_.end());
    free_count_ = free_before_;
    shrink(); // what was too much for the memory budget is given back
  }

  /// Without what rows hold elsewhere.
  std::size_t memory_bytes() const noexcept {
    return numbers_.memory_bytes() + rows_.capacity() * sizeof(Row) +
           free_.capacity() * sizeof(number);
  }

private:
  static constexpr std::size_t visited_at_once = 256;

  // Numbers that are taken stay in the list behind its end, for undo().
  number take() {
    if (free_count_ != 0)
      return free_[--free_count_];
    rows_.emplace_back();
    return static_cast<number>(rows_.size() - 1);
  }

  // The order of free rows stays where there is memory for another list: a batch run again is to
  // give its keys the same rows.
  void erase_taken() noexcept {
    auto first = free_.begin() + static_cast<std::ptrdiff_t>(free_count_);
    auto last = free_.begin() + static_cast<std::ptrdiff_t>(free_before_);
    std::vector<number> copy;
    try {
      copy.assign(first, last);
      first = copy.begin();
      last = copy.end();
    } catch (const std::bad_alloc&) {
    }
    std::sort(first, last);
    numbers_.erase_if([&](const auto&, number i) {
      return i >= rows_before_ || std::binary_search(first, last, i);
    });
  }

  // Those that are nobody's. What a row far behind still has a key for stays.
  void drop_last_rows() noexcept {
    auto free = [this] { return free_.begin() + static_cast<std::ptrdiff_t>(free_count_); };
    if (free_count_ <= rows_.size() / 2 ||
        std::find(free_.begin(), free(), static_cast<number>(rows_.size() - 1)) == free())
      return;
    std::sort(free_.begin(), free(), std::greater{});
    std::size_t n = 0;
    while (n < free_count_ && free_[n] + n + 1 == rows_.size())
      ++n;
    free_.erase(free_.begin(), free_.begin() + static_cast<std::ptrdiff_t>(n));
    rows_.erase(rows_.end() - static_cast<std::ptrdiff_t>(n), rows_.end());
    free_count_ -= n;
  }

  void shrink() noexcept {
    numbers_.shrink();
    shrink_if_far_too_large(rows_);
    shrink_if_far_too_large(free_);
  }

  template <class Vector>
  static void shrink_if_far_too_large(Vector& x) noexcept {
    if (x.capacity() > least_given_back && x.capacity() / 8 > x.size())
      x.shrink_to_fit();
  }

  static constexpr std::size_t least_given_back = 1024;

  table numbers_;
  std::vector<Row, data::page_allocator<Row>> rows_;
  std::vector<number> free_; // rows that are nobody's, the first `free_count_`
  std::size_t free_count_ = 0;
  std::size_t rows_before_ = 0;
  std::size_t free_before_ = 0;
};

} // namespace caf_stream::stateful
