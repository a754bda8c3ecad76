#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/data/slot_memory.hpp"

// What the panes of a window have, in the order it came: a value for each row that has one in a
// pane. It is added at one end and leaves at the other, pane by pane, so it lies in a ring:
//
//     pane 6           pane 7                    pane 8, open
//   | 0:4  3:1  2:9  | 3:2  0:1 ------+------- | 3:5 ...
//       `---------------------'       |    `--------- places count on and on, modulo 2^32
//      an entry has the place of the row's entry before

namespace caf_stream::stateful {

/// Panes are numbered in the order of time.
using pane_number = std::int64_t;

/// Entries of panes. What a batch adds and lets leave is one transaction, as state_partition says.
template <class C>
class pane_log {
public:
  /// Of an entry. Places of entries that are in the window compare by their distance from another.
  using place = std::uint32_t;

  struct entry {
    C value;
    std::uint32_t row;
    place previous; ///< of the row's entry before; its own where there is none
  };

  pane_log() = default;
  pane_log(const pane_log&) = delete;
  pane_log& operator=(const pane_log&) = delete;
  ~pane_log() { end_entries(kept_, end_ + dropped_); }

  entry& operator[](place at) noexcept { return entries()[at & mask_]; }
  const entry& operator[](place at) const noexcept { return entries()[at & mask_]; }

  /// Where the next entry comes.
  place end() const noexcept { return end_; }

  /// Whether the window has an entry at a place where it once had one.
  bool holds(place at) const noexcept { return holds_from(first_, at); }

  /// Whether that entry lies at `begin` or after it.
  bool holds_from(place begin, place at) const noexcept { return at - begin < end_ - begin; }

  /// Whether it is in the pane that was opened last.
  bool is_open(place at) const noexcept { return holds_from(open_, at); }

  /// Where the panes after `pane` begin.
  place begin_after(pane_number pane) const noexcept {
    auto i = panes_.size();
    while (i > left_ && panes_[i - 1].number > pane)
      --i;
    return i == panes_.size() ? end_ : panes_[i].begin;
  }

  /// Whether the row of an entry has none before it in the window.
  bool is_first_of_row(place at) const noexcept {
    auto previous = (*this)[at].previous;
    return previous == at || !holds(previous);
  }

  /// Asks for the memory of an entry, which is needed soon.
  __attribute__((always_inline)) void expect(place at) const noexcept {
    __builtin_prefetch(entries() + (at & mask_), 1);
  }

  /// Begins a pane unless it is the last one; they come in order. Requires that what was undone has
  /// been dropped.
  void open(pane_number number) {
    if (added_ != 0 && panes_.back().number == number)
      return;
    panes_.push_back({number, end_});
    ++added_;
    open_ = end_;
  }

  /// Adds an entry to the open pane and returns its place; `previous` may be end().
  place add(std::uint32_t row, place previous, const C& value) {
    if (end_ - kept_ == capacity_)
      resize(capacity_ == 0 ? least_capacity : 2 * capacity_);
    ::new (static_cast<void*>(&(*this)[end_])) entry{value, row, previous};
    held_ += codec::heap_of(value);
    return end_++;
  }

  /// Calls f(value) to change the value of an entry.
  template <class F>
  void change(place at, F&& f) {
    auto& value = (*this)[at].value;
    codec::change_counted(value, held_, [&] { f(value); });
  }

  /// Panes before `first` leave the window: calls f(place, row) for their entries, in order, and
  /// expect(row) some time before. They are there until keep().
  template <class Expect, class F>
  void leave(pane_number first, Expect&& expect, F&& f) {
    while (left_ < panes_.size() && panes_[left_].number < first) {
      auto at = panes_[left_].begin;
      ++left_;
      auto end = first_ = left_ < panes_.size() ? panes_[left_].begin : end_;
      for (; end - at > ahead; ++at) {
        expect((*this)[at + ahead].row);
        f(at, (*this)[at].row);
      }
      for (; at != end; ++at)
        f(at, (*this)[at].row);
    }
  }

  /// Calls f(pane, place, entry) for what has left the window since keep(), the last one first.
  template <class F>
  void for_each_left(F&& f) noexcept {
    for (auto i = left_; i-- > 0;)
      for (auto at = i + 1 < panes_.size() ? panes_[i + 1].begin : end_; at != panes_[i].begin;) {
        --at;
        f(panes_[i].number, at, (*this)[at]);
      }
  }

  /// Calls f(entry) for what was added since keep(), the last one first.
  template <class F>
  void for_each_added(F&& f) noexcept {
    for (auto at = end_; at != end_before_;)
      f((*this)[--at]);
  }

  /// How many have left since keep().
  std::size_t left() const noexcept { return first_ - kept_; }
  std::size_t added() const noexcept { return end_ - end_before_; }

  void keep() noexcept {
    end_entries(kept_, first_);
    panes_.erase(panes_.begin(), panes_.begin() + static_cast<std::ptrdiff_t>(left_));
    kept_ = first_;
    end_before_ = end_;
    left_ = added_ = 0;
    shrink();
  }

  /// What has left is in the window again, and what was added not; drop() has to follow.
  void undo() noexcept {
    panes_.erase(panes_.end() - static_cast<std::ptrdiff_t>(added_), panes_.end());
    first_ = kept_;
    dropped_ += end_ - end_before_;
    end_ = end_before_;
    open_ = end_;
    left_ = added_ = 0;
  }

  /// Ends the entries that were undone, after f(row) for each.
  template <class F>
  void drop(F&& f) {
    if (dropped_ == 0)
      return;
    for (; dropped_ != 0; --dropped_) {
      f((*this)[end_ + dropped_ - 1].row);
      end_entries(end_ + dropped_ - 1, end_ + dropped_);
    }
    shrink();
  }

  std::size_t memory_bytes() const noexcept { return memory_.size() + held_; }

private:
  struct pane {
    pane_number number;
    place begin;
  };

  static constexpr place least_capacity = 64;
  static constexpr place most_capacity = place{1} << 31; // so that distances tell what is first
  static constexpr place ahead = 16;

  static_assert(alignof(entry) <= 64);

  entry* entries() const noexcept { return std::launder(reinterpret_cast<entry*>(memory_.data())); }

  void end_entries(place from, place to) noexcept {
    if constexpr (!std::is_trivially_destructible_v<C>)
      for (; from != to; ++from) {
        auto& x = (*this)[from];
        held_ -= codec::heap_of(x.value);
        x.~entry();
      }
  }

  // What was needed for far more entries is not held for ever.
  void shrink() noexcept {
    auto n = end_ - kept_;
    if (capacity_ <= least_capacity || n >= capacity_ / 8)
      return;
    try {
      resize(std::max(least_capacity, std::bit_ceil(2 * n)));
    } catch (...) { // resize() has left the old memory as it was, which is as good
    }
  }

  // Where moving a value may throw, the old memory stays good until all are copied.
  void resize(place capacity) {
    if (capacity > most_capacity || capacity == 0)
      throw std::length_error("a partition of a window cannot have more than 2^31 values");
    data::slot_memory memory(capacity * sizeof(entry));
    auto* to = reinterpret_cast<entry*>(memory.data());
    auto at = kept_;
    std::size_t held = 0;
    try {
      for (; at != end_; ++at)
        held += codec::heap_of((::new (static_cast<void*>(to + (at & (capacity - 1))))
                                  entry(std::move_if_noexcept((*this)[at])))
                                 ->value);
    } catch (...) {
      while (at != kept_)
        to[--at & (capacity - 1)].~entry();
      throw;
    }
    end_entries(kept_, end_);
    held_ = held;
    memory_ = std::move(memory);
    capacity_ = capacity;
    mask_ = capacity - 1;
  }

  data::slot_memory memory_; // kept_ .. first_ .. end_before_ .. end_, then what is to be dropped
  place capacity_ = 0;
  place mask_ = 0;
  std::deque<pane> panes_; // with those that have left
  std::size_t left_ = 0;
  std::size_t added_ = 0; // panes, since keep()
  place kept_ = 0;        // the first entry in memory
  place first_ = 0;       // in the window
  place open_ = 0;        // in the open pane
  place end_before_ = 0;
  place end_ = 0;
  place dropped_ = 0;    // so many behind the end are to be dropped
  std::size_t held_ = 0; // by values, in bytes
};

} // namespace caf_stream::stateful
