#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/shuffle/key_table.hpp"
#include "caf_stream/state/state_partition.hpp"

// What a sliding window holds of each key where nothing can be subtracted: what its records in each
// pane were combined to. Asking for the whole window must not combine all panes again, so each key
// has the two stacks of Tangwongsan, Hirzel and Schneider ("General Incremental Sliding-Window
// Aggregation", VLDB 2015), in one array: panes up to some point hold what they and the later ones
// of them combine to, the others what they are, and `back` is what those others combine to:
//
//   pane       3        4      5  |  6    7    8            window 4..8 = value of 4, then back
//   value    3+4+5     4+5     5  |  6    7    8            window 5..8 = value of 5, then back
//                                    back = 6+7+8
//
// So a key costs one combination a slide, and one more for each new pane. Once in as many panes as
// the window has, the second stack is turned into the first. Keys take turns at that, so that every
// slide turns as many: row i turns at panes that leave the same remainder as i.

namespace caf_stream::stateful {

/// Panes are numbered in the order of time.
using pane_number = std::int64_t;

/// Keys and combined values are owned. `merge(acc, other)` in the calls below is the program's:
/// acc, the older one, becomes what both combine to. When it throws, the batch is to be undone. See
/// state_partition for batches and threads.
template <class K, class C>
class keyed_panes final : public state_partition {
public:
  using table = shuffle::key_table<K, std::uint32_t>;

  /// Requires that a window has at least one pane.
  keyed_panes(std::uint32_t panes_in_window, data::table_seed seed)
    : window_(panes_in_window), rows_of_(seed) {}

  /// Comes first in a batch.
  template <class Merge>
  void mend(Merge&& merge) {
    for (; !stale_.empty(); stale_.pop_back())
      make_back(rows_[stale_.back()], merge);
  }

  /// Adds to pane `pane` the values value_at(i) of the keys key_at(i), i < n. Panes come in order.
  template <class KeyAt, class ValueAt, class Merge>
  void add(pane_number pane, std::size_t n, KeyAt&& key_at, ValueAt&& value_at, Merge&& merge) {
    rows_of_.upsert(
      n, key_at,
      [&](std::size_t i) {
        auto number = take_row();
        made_.push_back({number, K(key_at(i))});
        put(number, pane, value_at(i), merge);
        return number;
      },
      [&](std::uint32_t number, std::size_t i) { put(number, pane, value_at(i), merge); });
  }

  /// Comes last in a batch: the window now ends with pane `last`.
  template <class Merge>
  void slide_to(pane_number last, Merge&& merge) {
    first_ = last - window_ + 1;
    for (auto pane = std::max(last_ + 1, first_); pane <= last; ++pane)
      for (auto i = (pane % window_ + window_) % window_;
           i < static_cast<pane_number>(rows_.size()); i += window_)
        turn(static_cast<std::uint32_t>(i), merge);
    last_ = last;
    ++step_;
  }

  /// What the window has in a row; nothing where it has no records of its key.
  template <class Merge>
  std::optional<C> find(std::uint32_t number, Merge&& merge) const {
    auto& row = rows_[number];
    auto i = first_in_window(row);
    if (i == row.turned)
      return row.back;
    std::optional<C> result{row.panes[i].value};
    if (row.back)
      merge(*result, *row.back);
    return result;
  }

  /// The keys and the numbers of their rows.
  const table& rows() const noexcept { return rows_of_; }

  std::size_t memory_bytes() const override {
    return rows_of_.memory_bytes() + rows_.capacity() * sizeof(row) + held_ + held_by_account_ +
           turned_.capacity() * sizeof(turned_row) + added_.capacity() * sizeof(added_row) +
           made_.capacity() * sizeof(made_row);
  }

protected:
  void keep_changes() override {
    if (emptied_)
      rows_of_.erase_if([this](const auto&, std::uint32_t number) {
        if (!rows_[number].panes.empty())
          return false;
        give_back(number);
        return true;
      });
    forget_account();
  }

  void undo_changes() noexcept override {
    for (; !turned_.empty(); turned_.pop_back())
      rows_[turned_.back().number] = std::move(turned_.back().before);
    std::size_t grown = 0; // arrays stay as large as they have become
    for (; !added_.empty(); added_.pop_back()) {
      auto& row = rows_[added_.back().number];
      grown += (row.panes.capacity() - added_.back().capacity) * sizeof(pane);
      row.panes.erase(row.panes.begin() + static_cast<std::ptrdiff_t>(added_.back().panes),
                      row.panes.end());
      stale_.push_back(added_.back().number);
    }
    for (; !made_.empty(); made_.pop_back()) {
      if (auto* number = rows_of_.find(made_.back().key); number && *number == made_.back().number)
        rows_of_.erase(made_.back().key);
      grown -= rows_[made_.back().number].panes.capacity() * sizeof(pane);
      give_back(made_.back().number);
    }
    first_ = first_before_;
    last_ = last_before_;
    held_ = held_before_ + grown;
    ++step_;
    forget_account();
  }

private:
  struct pane {
    pane_number number;
    C value;
  };

  struct row {
    std::vector<pane> panes; // older ones first; some may have left the window
    std::size_t turned = 0;  // so many of them hold what they and the later ones of these make
    std::optional<C> back;   // what the others make
    std::uint64_t step = 0;  // that added to it last
  };

  struct turned_row {
    std::uint32_t number;
    row before;
  };

  struct added_row {
    std::uint32_t number;
    std::size_t panes; // before
    std::size_t capacity;
  };

  struct made_row {
    std::uint32_t number;
    K key;
  };

  static std::size_t heap_of(const C& x) {
    if constexpr (codec::has_fixed_footprint_v<C>)
      return 0;
    else
      return codec::footprint(x) - sizeof(C);
  }

  static std::size_t heap_of(const row& x) {
    auto sum = x.panes.capacity() * sizeof(pane);
    if constexpr (!codec::has_fixed_footprint_v<C>)
      for (auto& each : x.panes)
        sum += heap_of(each.value);
    return sum;
  }

  template <class Merge>
  void merge_into(C& acc, const C& other, Merge& merge) {
    held_ -= heap_of(acc);
    merge(acc, other);
    held_ += heap_of(acc);
  }

  template <class Merge>
  void put(std::uint32_t number, pane_number at, const C& value, Merge& merge) {
    auto& row = rows_[number];
    if (row.step != step_) {
      row.step = step_;
      added_.push_back({number, row.panes.size(), row.panes.capacity()});
    }
    if (row.panes.size() != row.turned && row.panes.back().number == at) {
      merge_into(row.panes.back().value, value, merge);
    } else {
      held_ -= row.panes.capacity() * sizeof(pane);
      row.panes.push_back({at, value});
      held_ += row.panes.capacity() * sizeof(pane) + heap_of(row.panes.back().value);
    }
    if (row.back)
      merge(*row.back, value);
    else
      row.back = value;
  }

  // Drops what has left the window and makes one stack of all that is left.
  template <class Merge>
  void turn(std::uint32_t number, Merge& merge) {
    auto& old = rows_[number];
    if (old.panes.empty())
      return;
    auto begin = std::find_if(old.panes.begin(), old.panes.end(),
                              [this](const pane& x) { return x.number >= first_; });
    row next;
    next.step = old.step;
    next.panes.assign(begin, old.panes.end());
    next.turned = next.panes.size();
    auto dropped = static_cast<std::size_t>(begin - old.panes.begin());
    auto turned = old.turned - std::min(old.turned, dropped);
    for (auto i = next.panes.size(); i-- > 0;)
      if (auto later = std::max(i + 1, turned); later < next.panes.size())
        merge(next.panes[i].value, next.panes[later].value);
    emptied_ = emptied_ || next.panes.empty();
    auto before = heap_of(old);
    held_ += heap_of(next);
    held_ -= before;
    held_by_account_ += before;
    turned_.push_back({number, std::exchange(old, std::move(next))});
  }

  template <class Merge>
  void make_back(row& x, Merge& merge) {
    x.back.reset();
    for (auto i = x.turned; i < x.panes.size(); ++i)
      if (x.back)
        merge(*x.back, x.panes[i].value);
      else
        x.back = x.panes[i].value;
  }

  // Among those that were turned. Numbers rise, so they are looked for where they are without gaps.
  std::size_t first_in_window(const row& x) const {
    if (x.turned == 0 || x.panes[0].number >= first_)
      return 0;
    auto distance = static_cast<std::uint64_t>(first_ - x.panes[0].number);
    auto end = static_cast<std::size_t>(std::min<std::uint64_t>(x.turned, distance));
    if (x.panes[end - 1].number < first_)
      return end;
    auto found =
      std::lower_bound(x.panes.begin(), x.panes.begin() + static_cast<std::ptrdiff_t>(end), first_,
                       [](const pane& a, pane_number b) { return a.number < b; });
    return static_cast<std::size_t>(found - x.panes.begin());
  }

  std::uint32_t take_row() {
    if (free_.empty()) {
      rows_.emplace_back();
      return static_cast<std::uint32_t>(rows_.size() - 1);
    }
    auto number = free_.back();
    free_.pop_back();
    return number;
  }

  void give_back(std::uint32_t number) noexcept {
    rows_[number] = row{};
    free_.push_back(number);
  }

  void forget_account() noexcept {
    std::exchange(turned_, {});
    std::exchange(added_, {});
    std::exchange(made_, {});
    emptied_ = false;
    held_by_account_ = 0;
    held_before_ = held_;
    first_before_ = first_;
    last_before_ = last_;
  }

  static constexpr pane_number none = std::numeric_limits<pane_number>::min() / 2;

  pane_number window_; // panes
  table rows_of_;
  std::vector<row> rows_;
  std::vector<std::uint32_t> free_;  // rows without a key
  std::vector<std::uint32_t> stale_; // rows whose `back` is not right after an undoing
  pane_number first_ = none;         // of the window
  pane_number last_ = none;
  std::uint64_t step_ = 1;
  std::size_t held_ = 0; // by rows, in bytes
  bool emptied_ = false; // there are rows with a key and without panes

  std::vector<turned_row> turned_;
  std::vector<added_row> added_;
  std::vector<made_row> made_;
  std::size_t held_by_account_ = 0;
  std::size_t held_before_ = 0;
  pane_number first_before_ = none;
  pane_number last_before_ = none;
};

} // namespace caf_stream::stateful
