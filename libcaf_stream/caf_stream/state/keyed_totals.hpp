#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/shuffle/key_table.hpp"
#include "caf_stream/state/state_partition.hpp"

// What a sliding window holds of each key where the program can subtract: a total, and the panes
// that are in it, to be subtracted when they leave. Panes name rows, not keys, so nothing is looked
// up for what leaves:
//
//   keys   ann -> row 0, bob -> row 1        rows   0: total 9    1: total 4
//   panes  3: (0, 2) (1, 4)   4: (0, 7)                the window slides on: 3 leaves, 9 - 2 ...

namespace caf_stream::stateful {

/// Panes are numbered in the order of time.
using pane_number = std::int64_t;

/// Keys and combined values are owned. `merge(acc, other)` in the calls below is the program's: acc
/// becomes what both combine to. When it throws, the batch is to be undone. See state_partition for
/// batches and threads.
template <class K, class C>
class keyed_totals final : public state_partition {
public:
  using table = shuffle::key_table<K, std::uint32_t>;

  explicit keyed_totals(data::table_seed seed) : rows_of_(seed) {}

  /// Comes first in a batch: panes before `first` leave the window. `subtract(acc, other)` takes
  /// out what `merge` has put in.
  template <class Subtract>
  void leave(pane_number first, Subtract&& subtract) {
    while (!panes_.empty() && panes_.front().number < first) {
      auto& pane = left_.emplace_back(std::move(panes_.front()));
      panes_.pop_front();
      for (auto& [number, value] : pane.values) {
        auto& row = change(number);
        --row.panes;
        if (row.total && pane.number >= row.since) {
          held_ -= heap_of(*row.total);
          subtract(*row.total, value);
          held_ += heap_of(*row.total);
        }
      }
      left_bytes_ += bytes_of(pane);
      pane_bytes_ -= bytes_of(pane);
    }
  }

  /// Adds to pane `pane` the values value_at(i) of the keys key_at(i), i < n. Panes come in order.
  template <class KeyAt, class ValueAt, class Merge>
  void add(pane_number pane, std::size_t n, KeyAt&& key_at, ValueAt&& value_at, Merge&& merge) {
    if (panes_.empty() || panes_.back().number != pane) {
      panes_.push_back({pane, {}});
      ++made_panes_;
    }
    auto& values = panes_.back().values;
    pane_bytes_ -= bytes_of(panes_.back());
    rows_of_.upsert(
      n, key_at,
      [&](std::size_t i) {
        auto number = take_row();
        made_.push_back({number, K(key_at(i))});
        put(number, values, value_at(i), merge);
        return number;
      },
      [&](std::uint32_t number, std::size_t i) { put(number, values, value_at(i), merge); });
    pane_bytes_ += bytes_of(panes_.back());
  }

  /// Comes last in a batch: keys for which `keep(key, total)` is false are forgotten, and begin
  /// anew after pane `last`. Only those whose total has changed are asked about.
  template <class Keep>
  void filter(pane_number last, Keep&& keep) {
    rows_of_.for_each([&](const auto& key, std::uint32_t number) {
      auto& row = rows_[number];
      if (row.step != step_ || !row.total || keep(key, *row.total))
        return;
      held_ -= heap_of(*row.total);
      row.total.reset();
      row.since = last + 1;
      emptied_ = true;
    });
  }

  /// The batch is complete.
  void finish() noexcept { ++step_; }

  /// Null where the row's key is forgotten.
  const C* find(std::uint32_t number) const noexcept {
    auto& total = rows_[number].total;
    return total ? &*total : nullptr;
  }

  /// The keys and the numbers of their rows.
  const table& rows() const noexcept { return rows_of_; }

  std::size_t memory_bytes() const override {
    return rows_of_.memory_bytes() + rows_.capacity() * sizeof(row) + held_ + pane_bytes_ +
           left_bytes_ + changed_.capacity() * sizeof(changed_row) +
           made_.capacity() * sizeof(made_row);
  }

protected:
  void keep_changes() override {
    // A forgotten key stays until its last pane has left, so that it is known what to pass over.
    if (emptied_) {
      emptied_ = false;
      rows_of_.erase_if([this](const auto&, std::uint32_t number) {
        auto& row = rows_[number];
        if (row.total)
          return false;
        if (row.panes != 0) {
          emptied_ = true;
          return false;
        }
        give_back(number);
        return true;
      });
    }
    emptied_before_ = emptied_;
    forget_account();
  }

  void undo_changes() noexcept override {
    for (; !changed_.empty(); changed_.pop_back())
      rows_[changed_.back().number] = std::move(changed_.back().before);
    for (; !made_.empty(); made_.pop_back()) {
      if (auto* number = rows_of_.find(made_.back().key); number && *number == made_.back().number)
        rows_of_.erase(made_.back().key);
      give_back(made_.back().number);
    }
    panes_.erase(panes_.end() - static_cast<std::ptrdiff_t>(made_panes_), panes_.end());
    for (; !left_.empty(); left_.pop_back())
      panes_.push_front(std::move(left_.back()));
    held_ = held_before_;
    pane_bytes_ = pane_bytes_before_;
    emptied_ = emptied_before_;
    ++step_;
    forget_account();
  }

private:
  struct row {
    std::optional<C> total;
    std::uint32_t panes = 0; // how many values of it the panes have
    std::uint32_t last = 0;  // where its value may be in the pane that is being added
    pane_number since = std::numeric_limits<pane_number>::min(); // older panes do not count
    std::uint64_t step = 0;                                      // that changed it last
  };

  struct pane {
    pane_number number;
    std::vector<std::pair<std::uint32_t, C>> values; // of rows
  };

  struct changed_row {
    std::uint32_t number;
    row before;
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

  static std::size_t bytes_of(const pane& x) {
    auto sum = x.values.capacity() * sizeof(x.values[0]);
    if constexpr (!codec::has_fixed_footprint_v<C>)
      for (auto& [number, value] : x.values)
        sum += heap_of(value);
    return sum;
  }

  row& change(std::uint32_t number) {
    auto& row = rows_[number];
    if (row.step != step_) {
      changed_.push_back({number, row});
      row.step = step_;
    }
    return row;
  }

  template <class Values, class Merge>
  void put(std::uint32_t number, Values& values, const C& value, Merge& merge) {
    auto& row = change(number);
    if (row.last < values.size() && values[row.last].first == number) {
      merge(values[row.last].second, value);
    } else {
      row.last = static_cast<std::uint32_t>(values.size());
      values.emplace_back(number, value);
      ++row.panes;
    }
    if (row.total) {
      held_ -= heap_of(*row.total);
      merge(*row.total, value);
    } else {
      row.total = value;
    }
    held_ += heap_of(*row.total);
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
    std::exchange(changed_, {});
    std::exchange(made_, {});
    std::exchange(left_, {});
    made_panes_ = 0;
    left_bytes_ = 0;
    held_before_ = held_;
    pane_bytes_before_ = pane_bytes_;
  }

  table rows_of_;
  std::vector<row> rows_;
  std::vector<std::uint32_t> free_; // rows without a key
  std::deque<pane> panes_;          // in the window
  std::uint64_t step_ = 1;
  std::size_t held_ = 0;       // by totals, in bytes
  std::size_t pane_bytes_ = 0; // by panes
  bool emptied_ = false;       // there are rows with a key and without a total

  std::vector<changed_row> changed_;
  std::vector<made_row> made_;
  std::vector<pane> left_; // the window
  std::size_t made_panes_ = 0;
  std::size_t left_bytes_ = 0;
  std::size_t held_before_ = 0;
  std::size_t pane_bytes_before_ = 0;
  bool emptied_before_ = false;
};

} // namespace caf_stream::stateful
