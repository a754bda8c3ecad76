#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "caf_stream/state/account.hpp"
#include "caf_stream/state/keyed_rows.hpp"
#include "caf_stream/state/pane_log.hpp"
#include "caf_stream/state/state_partition.hpp"

// What a sliding window holds of each key where the program can subtract: a total, and the values
// in its panes, to be subtracted when they leave:
//
//   keys   ann -> row 0, bob -> row 1        rows   0: total 9    1: total 4
//   panes  3: 0:2 1:4   4: 0:7                         the window slides on: 3 leaves, 9 - 2 ...
//
// To undo a batch, the totals before it are written down.

namespace caf_stream::stateful {

/// Keys and combined values are owned. `merge(acc, other)` in the calls below is the program's: acc
/// becomes what both combine to. When it throws, the batch is to be undone. See state_partition for
/// batches and threads.
template <class K, class C>
class keyed_totals final : public state_partition {
public:
  explicit keyed_totals(data::table_seed seed) : rows_(seed) {}

  /// Comes first in a batch: panes before `first` leave the window. `subtract(acc, other)` takes
  /// out what `merge` has put in.
  template <class Subtract>
  void leave(pane_number first, Subtract&& subtract) {
    panes_.leave(
      first, [this](std::uint32_t row) __attribute__((always_inline)) { rows_.expect(row); },
      [&](place at, std::uint32_t number) {
        auto& row = change(number);
        --row.values;
        ++left_;
        if (row.passed_over != 0) {
          --row.passed_over;
          return;
        }
        codec::change_counted(*row.total, held_, [&] { subtract(*row.total, panes_[at].value); });
      });
  }

  /// Adds to pane `pane` the values value_at(i) of the keys key_at(i), i < n. Panes come in order.
  template <class KeyAt, class ValueAt, class Merge>
  void add(pane_number pane, std::size_t n, KeyAt&& key_at, ValueAt&& value_at, Merge&& merge) {
    panes_.open(pane);
    rows_.visit(n, key_at, [&](std::uint32_t row, std::size_t i) { put(row, value_at(i), merge); });
  }

  /// Comes last in a batch: keys for which `keep(key, total)` is false are forgotten, and begin
  /// anew after the panes that are there. Only those whose total has changed are asked about.
  template <class Keep>
  void filter(Keep&& keep) {
    rows_.keys().for_each([&](const auto& key, std::uint32_t number) {
      auto& row = rows_[number];
      if (row.step != step_ || !row.total || keep(key, *row.total))
        return;
      held_ -= codec::heap_of(*row.total);
      row.total.reset();
      row.passed_over = row.values;
      emptied_ = true;
    });
  }

  /// The batch is complete.
  void finish() noexcept { begin_step(); }

  /// Null where the row's key is forgotten.
  const C* find(std::uint32_t row) const noexcept {
    auto& total = rows_[row].total;
    return total ? &*total : nullptr;
  }

  /// Asks for the memory of a row that is to be found soon.
  __attribute__((always_inline)) void expect(std::uint32_t row) const noexcept {
    rows_.expect(row);
  }

  /// The keys and the numbers of their rows.
  const auto& rows() const noexcept { return rows_.keys(); }

  std::size_t memory_bytes() const override {
    return rows_.memory_bytes() + panes_.memory_bytes() + held_ + changed_.memory_bytes() +
           held_by_account_;
  }

protected:
  void keep_changes() override {
    // A forgotten key stays until its last pane has left, so that it is known what to pass over.
    if (emptied_) {
      emptied_ = false;
      rows_.erase_if([this](const row& x) {
        emptied_ = emptied_ || (!x.total && x.values != 0);
        return !x.total && x.values == 0;
      });
    }
    rows_.keep();
    panes_.keep();
    emptied_before_ = emptied_;
    held_before_ = held_;
    forget_account();
  }

  void undo_changes() noexcept override {
    for (; !changed_.empty(); changed_.pop_back()) {
      auto& before = changed_.back();
      rows_[before.row].total = std::move(before.total);
      rows_[before.row].passed_over = before.passed_over;
    }
    auto not_done = panes_.left() - left_;
    panes_.for_each_left([&](pane_number, place, auto& entry) {
      if (not_done != 0)
        --not_done;
      else
        ++rows_[entry.row].values;
    });
    panes_.for_each_added([this](auto& entry) {
      rows_[entry.row].newest = entry.previous;
      --rows_[entry.row].values;
    });
    panes_.undo();
    panes_.drop([](std::uint32_t) {});
    rows_.undo();
    emptied_ = emptied_before_;
    held_ = held_before_;
    begin_step();
    forget_account();
  }

private:
  using place = typename pane_log<C>::place;

  struct row {
    std::optional<C> total;        // none: the key is forgotten
    place newest = 0;              // of its values in panes, if there are any
    std::uint32_t values = 0;      // in panes
    std::uint32_t passed_over = 0; // so many of them, the oldest, are not in the total
    std::uint32_t step = 0;        // that changed it last
  };

  struct changed_row {
    std::uint32_t row;
    std::uint32_t passed_over;
    std::optional<C> total;
  };

  row& change(std::uint32_t number) {
    auto& row = rows_[number];
    if (row.step != step_) {
      changed_.emplace_back(changed_row{number, row.passed_over, row.total});
      held_by_account_ += codec::heap_of(row.total);
      row.step = step_;
    }
    return row;
  }

  void begin_step() noexcept {
    if (++step_ != 0)
      return;
    for (std::uint32_t i = 0; i < rows_.size(); ++i)
      rows_[i].step = 0;
    step_ = 1;
  }

  template <class Merge>
  void put(std::uint32_t number, const C& value, Merge& merge) {
    auto& row = change(number);
    if (row.values != 0 && panes_.is_open(row.newest)) {
      panes_.change(row.newest, [&](C& sum) { merge(sum, value); });
    } else {
      row.newest = panes_.add(number, row.newest, value);
      ++row.values;
    }
    if (row.total) {
      codec::change_counted(*row.total, held_, [&] { merge(*row.total, value); });
    } else {
      row.total = value;
      held_ += codec::heap_of(*row.total);
    }
  }

  void forget_account() noexcept {
    changed_.forget();
    held_by_account_ = 0;
    left_ = 0;
  }

  keyed_rows<K, row> rows_;
  pane_log<C> panes_;
  std::uint32_t step_ = 1;
  std::size_t held_ = 0; // by totals, in bytes
  bool emptied_ = false; // there are rows with a key and without a total

  account<changed_row> changed_;
  std::size_t held_by_account_ = 0;
  std::size_t left_ = 0; // values
  std::size_t held_before_ = 0;
  bool emptied_before_ = false;
};

} // namespace caf_stream::stateful
