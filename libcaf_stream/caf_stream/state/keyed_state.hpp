#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/shuffle/key_table.hpp"
#include "caf_stream/state/account.hpp"
#include "caf_stream/state/numbered_stamps.hpp"
#include "caf_stream/state/state_partition.hpp"

// State by key: one table that is changed in place. What a batch overwrites is moved to an account,
// once for each key, and put back in the opposite order if the batch is undone:
//
//   table    | ann: 3 | bob: 7 |       set(ann, 4), remove(bob)      | ann: 4 | bob: absent |
//   account    -                                                     (ann, 3) (bob, 7)
//
// A key that is removed stays in the table, absent, until its batch is known to be right.
//
// Who needs all values of a key together numbers the keys of a batch's records first. A number
// stands in the entry of its key, in place of the stamp, until the walk that takes it back.

namespace caf_stream::stateful {

/// What the table has of a key.
template <class S>
class state_entry {
public:
  bool present() const noexcept { return (stamp_ & 1) != 0; }

  /// The batch that set it last, or touched it.
  batch_time touched() const noexcept {
    return batch_time{duration{static_cast<std::int64_t>(stamp_) >> 2}};
  }

  const S& get() const noexcept {
    if constexpr (std::is_default_constructible_v<S>)
      return state_;
    else
      return *state_;
  }

private:
  template <class, class>
  friend class keyed_state;

  static std::uint64_t stamp_of(batch_time t, bool written, bool present) noexcept {
    return static_cast<std::uint64_t>(to_millis(t)) << 2 | (written ? 2 : 0) | (present ? 1 : 0);
  }

  bool written_at(batch_time t) const noexcept { return (stamp_ | 1) == stamp_of(t, true, true); }

  // While a key is numbered its entry has the number in place of a stamp.
  static constexpr std::uint64_t numbered_bit = std::uint64_t{1} << 63;
  bool numbered() const noexcept { return (stamp_ & numbered_bit) != 0; }
  std::uint32_t number() const noexcept { return static_cast<std::uint32_t>(stamp_); }

  S take() noexcept(std::is_nothrow_move_constructible_v<S>) {
    if constexpr (std::is_default_constructible_v<S>)
      return std::move(state_);
    else
      return *std::move(state_);
  }

  using storage = std::conditional_t<std::is_default_constructible_v<S>, S, std::optional<S>>;

  storage state_{};
  std::uint64_t stamp_ = 0;
};

/// Keys and states are owned. See state_partition for its batches and threads.
template <class K, class S>
class keyed_state final : public state_partition {
public:
  using entry = state_entry<S>;
  using key_view = data::key_view_t<K>;

private:
  // Keys and states that are copied as bytes are always written to the account, which is asked
  // whether to keep what was written: which records are the first of their keys cannot be guessed.
  using storage = typename entry::storage;
  static constexpr bool plain =
    data::number_key<K> && std::is_trivially_copyable_v<storage> && sizeof(storage) <= 32;

public:
  explicit keyed_state(data::table_seed seed) : table_(seed) {}

  /// The state of one key, for the length of a call.
  class cell {
  public:
    bool exists() const noexcept { return entry_.present(); }

    /// Both require exists().
    const S& get() const noexcept { return entry_.get(); }
    batch_time touched() const noexcept { return entry_.touched(); }

    void set(S state) { put(std::move(state), owner_.batch()); }

    /// Sets it, and counts as not touched: the key had no data.
    void load(S state) { put(std::move(state), batch_time{}); }

    /// Does nothing where there is none.
    void remove() {
      if (!exists())
        return;
      write_down(0, 0);
      entry_.state_ = storage();
      entry_.stamp_ = entry::stamp_of(owner_.batch(), true, false);
    }

    /// The key had data in this batch. Requires exists().
    void touch() {
      if (entry_.touched() == owner_.batch())
        return;
      auto& old = owner_.account_.emplace_back(key_, entry_);
      owner_.held_by_account_ += codec::heap_of(old.key);
      entry_.stamp_ = entry::stamp_of(owner_.batch(), false, true);
    }

  private:
    friend keyed_state;

    cell(keyed_state& owner, key_view key, entry& e) : owner_(owner), key_(key), entry_(e) {}

    void put(S state, batch_time touched) {
      write_down(codec::heap_of(state), 1);
      entry_.state_ = std::move(state);
      entry_.stamp_ = entry::stamp_of(touched, true, true);
    }

    // What is there goes to the account, or is dropped where it is of this batch.
    void write_down(std::size_t held, std::size_t keys) {
      if (entry_.present()) {
        owner_.held_ -= codec::heap_of(entry_.get());
        --owner_.keys_;
      }
      owner_.held_ += held;
      owner_.keys_ += keys;
      const bool first = !entry_.written_at(owner_.batch());
      if constexpr (plain) {
        owner_.account_.emplace_back_if(first, key_, entry_);
      } else if (first) {
        auto& old = owner_.account_.emplace_back(key_, entry_);
        owner_.held_by_account_ += codec::heap_of(old.key);
        if (entry_.present()) {
          old.state.emplace(entry_.take());
          owner_.held_by_account_ += codec::heap_of(*old.state);
        }
      }
    }

    keyed_state& owner_;
    key_view key_;
    entry& entry_;
  };

  /// Calls f(i, cell&) for the keys key_at(0) ... key_at(n - 1), in this order. When f throws, the
  /// batch is to be undone.
  template <class KeyAt, class F>
  void visit(std::size_t n, KeyAt&& key_at, F&& f) {
    table_.upsert(
      n, key_at, [&](std::size_t i) { return make_entry(i, key_at, f); },
      [&](entry& e, std::size_t i) { visit_entry(e, i, key_at, f, !e.present()); });
  }

  /// Numbers keys in the order they come first, from 0 on: writes the numbers of the keys key_at(0)
  /// ... key_at(n - 1) to `out`. Then comes visit_numbered, or the batch is to be undone. In one
  /// batch `n` is less than `none` in all.
  template <class KeyAt>
  void number(std::size_t n, KeyAt&& key_at, std::uint32_t* out) {
    numbered_.make_room(n);
    auto put = [&](entry& e, std::size_t i) {
      auto number = numbered_.add_if(!e.numbered(), e.stamp_, e.number());
      e.stamp_ = entry::numbered_bit | number;
      out[i] = number;
    };
    table_.upsert(
      n, key_at,
      [&](std::size_t i) {
        entry e;
        put(e, i);
        return e;
      },
      [&](entry& e, std::size_t i) { put(e, i); });
  }

  /// How many keys have numbers.
  std::size_t numbered() const noexcept { return numbered_.size(); }

  /// In place of a number: the key has none.
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  /// Calls f(number, key, cell&) for each key that has a state or a number, and takes the numbers
  /// back. What f reads is asked for ahead: the memory at first(number), then at then(number).
  template <class First, class Then, class F>
  void visit_numbered(First&& first, Then&& then, F&& f) {
    std::array<std::uint32_t, 128> slots, numbers;
    std::size_t at = 0;
    while (auto n = table_.used_slots(at, slots.data(), slots.size())) {
      for (std::size_t i = 0; i < n; ++i) {
        auto& e = table_.value_at(slots[i]);
        numbers[i] = e.numbered() ? e.number() : none;
        if (numbers[i] != none) {
          __builtin_prefetch(&numbered_[numbers[i]]);
          __builtin_prefetch(first(numbers[i]));
        }
      }
      for (std::size_t i = 0; i < n; ++i)
        if (numbers[i] != none) {
          table_.value_at(slots[i]).stamp_ = numbered_[numbers[i]];
          __builtin_prefetch(then(numbers[i]));
        }
      for (std::size_t i = 0; i < n; ++i) {
        auto& e = table_.value_at(slots[i]);
        __builtin_prefetch(reinterpret_cast<const char*>(&e) + ahead_of_walk);
        if (numbers[i] == none && !e.present())
          continue;
        cell c{*this, table_.key_at(slots[i]), e};
        f(numbers[i], c.key_, c);
        if (!e.present())
          absent_.push_back(K(c.key_));
      }
    }
    numbered_.forget();
  }

  /// Calls f(key, cell&) for each key that has a state.
  template <class F>
  void visit_all(F&& f) {
    table_.for_each_slot([&](std::uint32_t slot) {
      auto& e = table_.value_at(slot);
      if (!e.present())
        return;
      cell c{*this, table_.key_at(slot), e};
      f(c.key_, c);
      if (!e.present())
        absent_.push_back(K(c.key_));
    });
  }

  /// No key that has a state was touched before this; only set_oldest() raises it.
  batch_time oldest() const noexcept { return oldest_; }

  /// Of the keys that have a state now, none was touched before `t`.
  void set_oldest(batch_time t) noexcept { oldest_ = t; }

  /// The state of a key, null where it has none. Good until the next change.
  template <class Key>
  const S* find(const Key& key) const {
    auto* found = table_.find(key);
    return found != nullptr && found->present() ? &found->get() : nullptr;
  }

  /// How many keys have a state.
  std::size_t size() const noexcept { return keys_; }

  /// Walks through the keys that have one: fills `slots` from `at` on, which begins at 0. How many;
  /// 0 at the end.
  std::size_t next_slots(std::size_t& at, std::uint32_t* slots, std::size_t capacity) const {
    for (;;) {
      auto n = table_.used_slots(at, slots, capacity);
      std::size_t kept = 0;
      for (std::size_t i = 0; i < n; ++i)
        if (table_.value_at(slots[i]).present())
          slots[kept++] = slots[i];
      if (kept != 0 || n == 0)
        return kept;
    }
  }

  key_view key_at(std::uint32_t slot) const noexcept { return table_.key_at(slot); }
  const S& state_at(std::uint32_t slot) const noexcept { return table_.value_at(slot).get(); }

  std::size_t memory_bytes() const override {
    return table_.memory_bytes() + held_ + account_.memory_bytes() + held_by_account_ +
           numbered_.memory_bytes() + absent_.capacity() * sizeof(K);
  }

protected:
  void keep_changes() override {
    for (const K& key : absent_)
      if (auto* found = table_.find(key); found != nullptr && !found->present())
        table_.erase(key);
    table_.shrink();
    forget_account();
  }

  void undo_changes() noexcept override {
    take_numbers_back();
    for (; !account_.empty(); account_.pop_back()) {
      auto& old = account_.back();
      auto* found = table_.find(old.key);
      if (found == nullptr) // what failed while the key was new
        continue;
      old.put_back(*found);
      if (!found->present())
        table_.erase(old.key);
    }
    for (const K& key : absent_)
      if (auto* found = table_.find(key); found != nullptr && !found->present())
        table_.erase(key);
    table_.shrink(); // what was too much for the memory budget is given back
    held_ = held_before_;
    keys_ = keys_before_;
    oldest_ = oldest_before_;
    forget_account();
  }

private:
  struct before {
    before(key_view of, const entry& e) : key(of), stamp(e.stamp_) {}

    void put_back(entry& e) {
      if (state)
        e.state_ = *std::move(state);
      e.stamp_ = stamp;
    }

    K key;
    std::optional<S> state; // none: the state is still there, or there was none
    std::uint64_t stamp;
  };

  struct plain_before {
    plain_before(K of, const entry& e) noexcept : key(of), state(e.state_), stamp(e.stamp_) {}

    void put_back(entry& e) noexcept {
      e.state_ = state;
      e.stamp_ = stamp;
    }

    K key;
    storage state;
    std::uint64_t stamp;
  };

  template <class KeyAt, class F>
  void visit_entry(entry& e, std::size_t i, KeyAt& key_at, F& f, bool counted_as_absent) {
    cell c{*this, key_view(key_at(i)), e};
    f(i, c);
    if (!e.present() && !counted_as_absent)
      absent_.push_back(K(key_at(i)));
  }

  // Out of the way of keys that are found, as most are.
  template <class KeyAt, class F>
  [[gnu::noinline]] entry make_entry(std::size_t i, KeyAt& key_at, F& f) {
    entry e;
    visit_entry(e, i, key_at, f, false);
    return e;
  }

  void take_numbers_back() noexcept {
    if (numbered_.size() == 0)
      return;
    table_.erase_if([this](const auto&, entry& e) {
      if (e.numbered())
        e.stamp_ = numbered_[e.number()];
      return e.stamp_ == 0; // the key was new
    });
    numbered_.forget();
  }

  // Bytes from the entry that is dealt with to what will be in some hundred keys.
  static constexpr std::size_t ahead_of_walk = 8192;

  // One that was needed for a large batch is not held for ever.
  void forget_account() noexcept {
    account_.forget();
    held_by_account_ = 0;
    std::exchange(absent_, {});
    held_before_ = held_;
    keys_before_ = keys_;
    oldest_before_ = oldest_;
  }

  shuffle::key_table<K, entry> table_;
  std::size_t held_ = 0; // by states, outside the table, in bytes
  std::size_t keys_ = 0; // that have a state
  account<std::conditional_t<plain, plain_before, before>> account_;
  std::size_t held_by_account_ = 0;
  numbered_stamps numbered_;
  std::vector<K> absent_; // keys whose entries may go once the batch is sure
  std::size_t held_before_ = 0;
  std::size_t keys_before_ = 0;
  batch_time oldest_{}; // no key was touched before
  batch_time oldest_before_{};
};

} // namespace caf_stream::stateful
