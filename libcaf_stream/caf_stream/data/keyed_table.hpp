#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/cell.hpp"
#include "caf_stream/data/key_hash.hpp"
#include "caf_stream/data/slot_table.hpp"

// The part of a hash table with keys of any type that does not know its values: see hash_table.hpp
// for the use. Slots are those of a slot_table:
//
//   | meta 8 | key | value ...       meta = hash tag << 32 | 1

namespace caf_stream::data {

template <class K, class Hash>
class keyed_table {
public:
  struct probe {
    std::uint64_t meta;
    std::byte* home;
  };
  using probes = std::array<probe, probe_batch>;

  static_assert(alignof(std::uint64_t) == 8);
  static constexpr std::size_t key_offset = 8;
  static constexpr std::size_t head_size = key_offset + cell<K>::size;
  static constexpr auto homes = slot_layout::home::by_tag;

  keyed_table(table_seed seed, const slot_layout& layout, Hash hash)
    : slots_(seed, layout), hash_(std::move(hash)) {}
  keyed_table(keyed_table&&) noexcept = default;
  keyed_table& operator=(keyed_table&&) noexcept = default;

  /// Hashes the keys key_at(0) to key_at(n - 1).
  template <class KeyAt>
  void prepare(std::size_t n, KeyAt&& key_at, probes& out) const {
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = prepare_one(key_at(i));
      __builtin_prefetch(out[i].home, 1);
    }
  }

  /// As string_table's.
  template <class KeyAt>
  std::size_t put(KeyAt&& key_at, probes& prepared, std::size_t first, std::size_t last,
                  found_slot* out) {
    for (auto i = first; i < last; ++i, ++out) {
      auto* slot = seek(prepared[i], key_at(i));
      *out = reinterpret_cast<found_slot>(slot);
      if (slots_.is_used(slot))
        continue;
      if (slots_.room() == 0) {
        if (i != first)
          return i - first;
        slots_.grow();
        for (auto k = first; k < last; ++k)
          prepared[k].home = slots_.home_of_tag(prepared[k].meta);
        slot = slots_.empty_slot(prepared[i].home);
      }
      try {
        cell<K>::construct(slot + key_offset, [&] { return K(caf_stream::to_owned(key_at(i))); });
      } catch (...) {
        if (i == first)
          throw;
        return i - first; // for those before; the next call meets it first
      }
      std::memcpy(slot, &prepared[i].meta, sizeof(prepared[i].meta));
      slots_.added(1);
      *out = reinterpret_cast<found_slot>(slot) + 1;
    }
    return last - first;
  }

  void take_back(const found_slot* slots, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i)
      if (slots[i] & 1)
        cell<K>::destroy(reinterpret_cast<std::byte*>(slots[i] - 1) + key_offset);
    slots_.take_back(slots, n);
  }

  template <class Key>
  std::byte* find(const Key& key) const {
    auto* slot = seek(prepare_one(key), key);
    return slots_.is_used(slot) ? slot : nullptr;
  }

  void erase(std::byte* slot) noexcept { slots_.erase(slot); }
  void clear() noexcept { slots_.clear(); }

  static const K& key_of(const std::byte* slot) noexcept {
    return cell<K>::get(const_cast<std::byte*>(slot) + key_offset);
  }

  slot_table& slots() noexcept { return slots_; }
  const slot_table& slots() const noexcept { return slots_; }
  std::size_t memory_bytes() const noexcept { return slots_.memory_bytes(); }

private:
  template <class Key>
  probe prepare_one(const Key& key) const {
    std::uint64_t tag = hash_(key, slots_.view().secret[0]) >> 32;
    auto meta = tag << 32 | 1;
    return {meta, slots_.home_of_tag(meta)};
  }

  template <class Key>
  std::byte* seek(const probe& wanted, const Key& key) const {
    auto* slot = wanted.home;
    for (auto head = slots_.head(slot); head != 0; head = slots_.head(slot)) {
      if (head == wanted.meta && keys_equal(key_of(slot), key))
        return slot;
      slot += slots_.view().stride;
      if (slot == slots_.view().end)
        slot = slots_.view().begin;
    }
    return slot;
  }

  slot_table slots_;
  Hash hash_;
};

} // namespace caf_stream::data
