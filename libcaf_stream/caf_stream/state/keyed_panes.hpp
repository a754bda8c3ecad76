#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "caf_stream/state/account.hpp"
#include "caf_stream/state/keyed_rows.hpp"
#include "caf_stream/state/pane_log.hpp"
#include "caf_stream/state/state_partition.hpp"

// What a sliding window holds of each key where nothing can be subtracted: what its records in each
// pane were combined to. Asking for the whole window must not combine all panes again, so each key
// has the two stacks of Tangwongsan, Hirzel and Schneider ("General Incremental Sliding-Window
// Aggregation", VLDB 2015). Its row has what both combine to. Panes up to some point, the front,
// hold what is left of it once they have left, the others what they are:
//
//   pane       3        4      5  |  6    7    8            window 3..8 = front, then back
//   value     4+5       5      -  |  6    7    8
//   row           front = 3+4+5   | back = 6+7+8            window 4..8: front = 4+5
//
// So a key costs one combination a slide, and one more for each new pane. Once in as many panes as
// the window has, when the front is used up, the back becomes the front. Keys take turns at that,
// so that every slide turns as many: row i turns at panes that leave the same remainder as i.

namespace caf_stream::stateful {

/// Keys and combined values are owned. `merge(acc, other)` in the calls below is the program's:
/// acc, the older one, becomes what both combine to. When it throws, the batch is to be undone. See
/// state_partition for batches and threads.
template <class K, class C>
class keyed_panes final : public state_partition {
public:
  /// Requires that a window has at least one pane.
  keyed_panes(std::uint32_t panes_in_window, data::table_seed seed)
    : window_(panes_in_window), rows_(seed) {}

  /// Comes first in a batch.
  template <class Merge>
  void mend(Merge&& merge) {
    panes_.drop([&](std::uint32_t row) {
      if (row < rows_.size())
        make_back(row, panes_.begin_after(last_turn(row, last_)), merge);
    });
  }

  /// Adds to pane `pane` the values value_at(i) of the keys key_at(i), i < n. Panes come in order,
  /// and only those that the window has after this batch.
  template <class KeyAt, class ValueAt, class Merge>
  void add(pane_number pane, std::size_t n, KeyAt&& key_at, ValueAt&& value_at, Merge&& merge) {
    panes_.open(pane);
    rows_.visit(n, key_at, [&](std::uint32_t row, std::size_t i) { put(row, value_at(i), merge); });
  }

  /// Comes last in a batch: the window now ends with pane `last`.
  template <class Merge>
  void slide_to(pane_number last, Merge&& merge) {
    auto pane = last_ == none ? last - window_ : last_;
    auto all_left = pane + window_; // then nothing is left of what was there
    while (pane++ < last) {
      if (pane > all_left)
        pane = std::max(pane, last - window_ + 1);
      leave(pane - window_ + 1);
      turn_rows(pane, merge);
    }
    last_ = last;
  }

  /// What the window has in a row; nothing where it has no records of its key.
  template <class Merge>
  std::optional<C> find(std::uint32_t number, Merge&& merge) const {
    auto& row = rows_[number];
    if (!row.front)
      return row.back;
    auto result = row.front;
    if (row.back)
      merge(*result, *row.back);
    return result;
  }

  /// Asks for the memory of a row that is to be found soon.
  __attribute__((always_inline)) void expect(std::uint32_t row) const noexcept {
    rows_.expect(row);
  }

  /// The keys and the numbers of their rows.
  const auto& rows() const noexcept { return rows_.keys(); }

  std::size_t memory_bytes() const override {
    return rows_.memory_bytes() + panes_.memory_bytes() + held_ + turned_.memory_bytes() +
           turned_values_.memory_bytes() + held_by_account_;
  }

protected:
  void keep_changes() override {
    if (emptied_)
      rows_.erase_if([](const row& x) { return !x.front && !x.back; });
    rows_.keep();
    panes_.keep();
    last_before_ = last_;
    forget_account();
  }

  void undo_changes() noexcept override {
    for (; !turned_.empty(); turned_.pop_back())
      undo_turn(turned_.back());
    auto not_done = panes_.left() - left_;
    panes_.for_each_left([&](pane_number pane, place at, auto& entry) {
      if (not_done != 0)
        --not_done;
      else if (pane <= last_turn(entry.row, last_before_)) // others are as they were by undo_turn()
        come_back(rows_[entry.row], at);
    });
    panes_.for_each_added([this](auto& entry) {
      auto& row = rows_[entry.row];
      row.newest = entry.previous;
      set(row.back, std::nullopt); // mend() makes it
    });
    panes_.undo();
    rows_.undo();
    last_ = last_before_;
    forget_account();
  }

private:
  using place = typename pane_log<C>::place;

  static constexpr std::size_t turned_at_once = 16;

  struct row {
    std::optional<C> front; // what the panes up to the last turn combine to
    std::optional<C> back;  // what those after it combine to
    place newest = 0;       // of its entries, if there are any
    place front_end = 0;    // the newest one of the front
  };

  struct turned_row {
    std::uint32_t number;
    std::uint32_t entries; // so many have turned, from `newest` on
    place newest;
    place front_end;
    std::optional<C> back;
  };

  template <class Merge>
  void put(std::uint32_t number, const C& value, Merge& merge) {
    auto& row = rows_[number];
    if (row.back && panes_.is_open(row.newest))
      panes_.change(row.newest, [&](C& sum) { merge(sum, value); });
    else
      row.newest = panes_.add(number, row.front || row.back ? row.newest : panes_.end(), value);
    if (row.back)
      codec::change_counted(*row.back, held_, [&] { merge(*row.back, value); });
    else
      set(row.back, value);
  }

  // What leaves is in the front of its row, where a turn has put it.
  void leave(pane_number first) {
    panes_.leave(
      first, [this](std::uint32_t row) __attribute__((always_inline)) { rows_.expect(row); },
      [this](place at, std::uint32_t number) {
        auto& row = rows_[number];
        swap_front(row, at);
        ++left_;
        if (at != row.front_end)
          return;
        set(row.front, std::nullopt);
        emptied_ = emptied_ || !row.back;
      });
  }

  void come_back(row& x, place at) noexcept {
    if (at == x.front_end)
      panes_.change(at, [&](C& value) { set(x.front, std::move(value)); });
    else
      swap_front(x, at);
  }

  void swap_front(row& x, place at) {
    codec::change_counted(
      *x.front, held_, [&] { panes_.change(at, [&](C& value) { std::swap(value, *x.front); }); });
  }

  template <class Merge>
  void turn_rows(pane_number pane, Merge& merge) {
    std::array<std::uint32_t, turned_at_once> rows;
    std::size_t n = 0;
    auto newer = panes_.begin_after(pane);
    auto turn_some = [&] {
      expect_entries(rows, n);
      for (std::size_t i = 0; i < n; ++i)
        turn(rows[i], newer, merge);
      n = 0;
    };
    auto end = static_cast<pane_number>(rows_.size());
    for (auto i = (pane % window_ + window_) % window_; i < end; i += window_) {
      rows[n] = static_cast<std::uint32_t>(i);
      rows_.expect(rows[n]);
      if (++n == rows.size())
        turn_some();
    }
    turn_some();
  }

  // Asks for the entries of some rows, side by side, since only an entry knows where the next is.
  __attribute__((always_inline)) void
  expect_entries(const std::array<std::uint32_t, turned_at_once>& rows, std::size_t n) const {
    std::array<place, turned_at_once> at;
    std::size_t going = 0;
    for (std::size_t i = 0; i < n; ++i)
      if (auto& row = rows_[rows[i]]; row.back)
        panes_.expect(at[going++] = row.newest);
    while (going != 0)
      for (std::size_t i = 0; i < going;)
        if (panes_.is_first_of_row(at[i]))
          at[i] = at[--going];
        else
          panes_.expect(at[i] = panes_[at[i]].previous), ++i;
  }

  // The front is used up; what the back has from places before `newer` becomes the front.
  template <class Merge>
  void turn(std::uint32_t number, place newer, Merge& merge) {
    auto& row = rows_[number];
    if (!row.back)
      return;
    auto& before =
      turned_.emplace_back(turned_row{number, 0, row.newest, row.front_end, std::nullopt});
    held_by_account_ += codec::heap_of(row.back);
    held_ -= codec::heap_of(row.back);
    before.back.swap(row.back);
    row.back.reset();
    auto at = make_back(number, newer, merge);
    if (at == panes_.end())
      return;
    before.newest = row.front_end = at;
    std::optional<C> later;
    for (;; at = panes_[at].previous) {
      C whole = panes_[at].value;
      turned_values_.emplace_back(whole);
      held_by_account_ += codec::heap_of(whole);
      ++before.entries;
      if (later) {
        merge(whole, *later);
        panes_.change(at, [&](C& value) { value = *std::move(later); });
      }
      later = std::move(whole);
      if (panes_.is_first_of_row(at))
        break;
    }
    set(row.front, std::move(later));
  }

  void undo_turn(turned_row& before) noexcept {
    auto& row = rows_[before.number];
    auto value = turned_values_.size() - before.entries;
    auto at = before.newest;
    for (std::uint32_t i = 0; i < before.entries; ++i, at = panes_[at].previous)
      panes_.change(at, [&](C& x) { x = std::move(turned_values_[value + i]); });
    for (; before.entries != 0; --before.entries)
      turned_values_.pop_back();
    set(row.front, std::nullopt);
    set(row.back, std::move(before.back));
    row.front_end = before.front_end;
  }

  // Combines the row's entries from `newer` on to its back, in their order; where a key came in
  // several pieces in a pane, these first. Returns the row's newest entry before them, or end().
  template <class Merge>
  place make_back(std::uint32_t number, place newer, Merge& merge) {
    auto& row = rows_[number];
    set(row.back, std::nullopt);
    auto at = row.newest;
    if (!panes_.holds(at) || panes_[at].row != number)
      return panes_.end();
    of_back_.clear();
    bool any_before = true;
    for (; any_before && panes_.holds_from(newer, at); at = panes_[at].previous) {
      of_back_.push_back(at);
      any_before = !panes_.is_first_of_row(at);
    }
    if (!of_back_.empty()) {
      std::optional<C> sum{panes_[of_back_.back()].value};
      for (auto i = of_back_.rbegin() + 1; i != of_back_.rend(); ++i)
        merge(*sum, panes_[*i].value);
      set(row.back, std::move(sum));
    }
    return any_before ? at : panes_.end();
  }

  // The last pane up to `last` at which a row's back became its front.
  pane_number last_turn(std::uint32_t row, pane_number last) const noexcept {
    auto since = (last - static_cast<pane_number>(row)) % window_;
    return last - (since < 0 ? since + window_ : since);
  }

  void set(std::optional<C>& to, std::optional<C> x) noexcept {
    held_ -= codec::heap_of(to);
    to = std::move(x);
    held_ += codec::heap_of(to);
  }

  void forget_account() noexcept {
    turned_.forget();
    turned_values_.forget();
    held_by_account_ = 0;
    left_ = 0;
    emptied_ = false;
  }

  static constexpr pane_number none = std::numeric_limits<pane_number>::min() / 2;

  pane_number window_; // panes
  keyed_rows<K, row> rows_;
  pane_log<C> panes_;
  pane_number last_ = none;    // of the window
  std::size_t held_ = 0;       // by rows, in bytes
  bool emptied_ = false;       // there are rows with a key and without entries
  std::vector<place> of_back_; // of one row, while that is made

  account<turned_row> turned_;
  account<C> turned_values_; // of entries, before their row turned
  std::size_t held_by_account_ = 0;
  std::size_t left_ = 0; // entries
  pane_number last_before_ = none;
};

} // namespace caf_stream::stateful
