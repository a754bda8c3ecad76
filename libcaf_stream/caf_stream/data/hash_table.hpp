#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "caf_stream/data/cell.hpp"
#include "caf_stream/data/keyed_table.hpp"
#include "caf_stream/data/number_table.hpp"
#include "caf_stream/data/string_table.hpp"

// The hash table that reductions, joins and states stand on. Keys and values lie together in the
// slots of one array (see slot_table.hpp). Keys arrive in batches: a few are hashed and their
// memory asked for, then they are looked up, then the caller's functions see their values. Tables
// of strings and numbers do the first two in kernels made for the processor; other keys do without.

namespace caf_stream::data {

/// Keys that lie at equal distances in memory, as a member of the records of a chunk does. Given as
/// `key_at`, string keys are read from there without a detour.
template <class T>
struct strided {
  const T* first;
  std::size_t stride = sizeof(T); ///< from key to key, in bytes

  const T& operator()(std::size_t i) const noexcept {
    return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(first) + i * stride);
  }
};

/// Keys that are kept as 64 bits.
template <class K>
concept number_key = (std::is_integral_v<K> || std::is_enum_v<K>)&&sizeof(K) <= 8;

/// What tables show of a key: a view of a string, the number itself, a reference to any other key.
template <class K>
using key_view_t = std::conditional_t<std::is_same_v<K, std::string>, std::string_view,
                                      std::conditional_t<number_key<K>, K, const K&>>;

/// A map from K to V that owns both. K is a std::string, a number, an enum, or any other type with
/// `==` and a hash: see key_hash.hpp, or give a Hash, `std::uint64_t (key or view of it, seed)`.
///
/// The order in which entries are walked depends on the seed, the capacities asked for, and the
/// sequence of insertions and erasures, and on nothing else: not on the processor and not on how
/// insertions were grouped into calls.
///
/// Views of keys and references to values are good until the next insertion or erasure. Tables move
/// but do not copy; a table moved from is empty. As with containers, const calls may run at the
/// same time, others not.
template <class K, class V, class Hash = default_key_hash>
class hash_table {
public:
  static_assert(!std::is_pointer_v<K>, "a pointer is no key: what it points to may move");
  static_assert(std::is_same_v<K, owned_t<K>>, "a table owns its keys: use owned_t of the key");

  using key_view = key_view_t<K>;

  explicit hash_table(table_seed seed = {}, cpu_level level = active_cpu_level()) requires
    std::is_default_constructible_v<Hash> : core_(make_core(seed, level, Hash{})) {}

  hash_table(table_seed seed, Hash hash, cpu_level level = active_cpu_level())
    : core_(make_core(seed, level, std::move(hash))) {}

  std::size_t size() const noexcept { return core_.slots().size(); }
  bool empty() const noexcept { return size() == 0; }

  /// Memory held for entries and keys, without what values hold elsewhere.
  std::size_t memory_bytes() const noexcept {
    return core_.memory_bytes() + (cell<V>::boxed ? size() * sizeof(V) : 0);
  }

  /// Makes room for `n` entries in all, so that none of them moves others. Throws std::bad_alloc,
  /// or std::length_error for more than 1.3 billion.
  void reserve(std::size_t n) { core_.slots().reserve(n); }

  /// Gives back memory where most entries have been erased. Entries may move.
  void shrink() noexcept { core_.slots().shrink(); }

  /// Removes all entries and keeps capacity and memory.
  void clear() noexcept { core_.clear(); }

  /// Looks up or inserts the keys key_at(0) ... key_at(n - 1) in this order. Where a key is new its
  /// value becomes what on_new(i) returns, else on_found(value, i) is called.
  ///
  /// `key_at` may be called twice for an i; it returns a key or a view of one. The functions must
  /// not use the table. When one of them throws, or memory runs out, the keys before have been
  /// dealt with, that key and those after it have not (it is not in the table if it is new), and
  /// the table is good for use.
  template <class KeyAt, class OnNew, class OnFound>
  void upsert(std::size_t n, KeyAt&& key_at, OnNew&& on_new, OnFound&& on_found) {
    for (std::size_t from = 0; from < n; from += probe_batch)
      upsert_batch(from, std::min(probe_batch, n - from), key_at, on_new, on_found);
  }

  /// The value of a key and whether it is new: then V was made from `args`.
  template <class Key, class... Args>
  std::pair<V*, bool> try_emplace(const Key& key, Args&&... args) {
    V* value = nullptr;
    bool inserted = false;
    upsert_batch(
      0, 1, [&](std::size_t) -> const Key& { return key; },
      [&](std::size_t) {
        inserted = true;
        return V(std::forward<Args>(args)...);
      },
      [&](V& found, std::size_t) { value = &found; });
    return {inserted ? find(key) : value, inserted};
  }

  /// The value of a key, null where there is none.
  template <class Key>
  V* find(const Key& key) {
    auto* slot = find_slot(key);
    return slot ? &cell<V>::get(slot + value_offset) : nullptr;
  }

  template <class Key>
  const V* find(const Key& key) const {
    auto* slot = find_slot(key);
    return slot ? &cell<V>::get(slot + value_offset) : nullptr;
  }

  template <class Key>
  bool contains(const Key& key) const {
    return find_slot(key) != nullptr;
  }

  /// Removes a key; false where it was not there.
  template <class Key>
  bool erase(const Key& key) {
    auto* slot = find_slot(key);
    if (slot)
      core_.erase(slot);
    return slot != nullptr;
  }

  /// Removes the entries for which `condemned(key, value)` is true, which is asked once for each;
  /// returns how many.
  template <class Condemned>
  std::size_t erase_if(Condemned&& condemned);

  /// Calls f(key, value) for each entry.
  template <class F>
  void for_each(F&& f) {
    for_each_slot([&](std::uint32_t slot) { f(key_at(slot), value_at(slot)); });
  }

  template <class F>
  void for_each(F&& f) const {
    for_each_slot([&](std::uint32_t slot) { f(key_at(slot), value_at(slot)); });
  }

  /// Calls f with the number of each used slot, in the order of for_each. Numbers stay the same
  /// until the next insertion or erasure.
  template <class F>
  void for_each_slot(F&& f) const {
    std::uint32_t numbers[256];
    std::size_t at = 0;
    while (auto n = core_.slots().used_slots(at, numbers, std::size(numbers)))
      for (std::size_t i = 0; i < n; ++i)
        f(numbers[i]);
  }

  /// Writes the numbers of used slots from `at` on to `out`, at most `capacity`, and moves `at`,
  /// which begins at 0; returns how many, 0 once there are no more.
  std::size_t used_slots(std::size_t& at, std::uint32_t* out, std::size_t capacity) const noexcept {
    return core_.slots().used_slots(at, out, capacity);
  }

  /// Key and value of a used slot.
  key_view key_at(std::uint32_t slot) const noexcept { return key_of(core_.slots().slot(slot)); }
  V& value_at(std::uint32_t slot) noexcept {
    return cell<V>::get(core_.slots().slot(slot) + value_offset);
  }
  const V& value_at(std::uint32_t slot) const noexcept {
    return cell<V>::get(core_.slots().slot(slot) + value_offset);
  }

private:
  static constexpr bool has_kernels = std::is_same_v<K, std::string> || number_key<K>;
  using core =
    std::conditional_t<std::is_same_v<K, std::string>, string_table,
                       std::conditional_t<number_key<K>, number_table, keyed_table<K, Hash>>>;

  static constexpr std::size_t value_offset =
    (core::head_size + cell<V>::alignment - 1) / cell<V>::alignment * cell<V>::alignment;
  static constexpr std::size_t stride = (value_offset + cell<V>::size + 7) / 8 * 8;

  static core make_core(table_seed seed, cpu_level level, Hash hash);
  static void relocate(std::byte* to, std::byte* from) noexcept;
  static void destroy(std::byte* slot) noexcept;

  template <class Key>
  static auto to_core_key(const Key& key) noexcept;

  template <class Key>
  std::byte* find_slot(const Key& key) const;

  key_view key_of(const std::byte* slot) const noexcept;

  template <class KeyAt, class OnNew, class OnFound>
  void upsert_batch(std::size_t from, std::size_t n, KeyAt&& key_at, OnNew&& on_new,
                    OnFound&& on_found);

  template <class KeyAt>
  void prepare(std::size_t from, std::size_t n, KeyAt&& key_at, typename core::probes& out) const;

  template <class OnNew, class OnFound>
  void apply(std::size_t from, const found_slot* slots, std::size_t n, OnNew&& on_new,
             OnFound&& on_found);

  core core_;
};

template <class K, class V, class Hash>
auto hash_table<K, V, Hash>::make_core(table_seed seed, cpu_level level, Hash hash) -> core {
  slot_layout layout{stride, core::homes, nullptr, nullptr};
  bool key_is_bytes = has_kernels;
  bool key_ends_itself = has_kernels;
  if constexpr (!has_kernels) {
    key_is_bytes = cell<K>::moves_as_bytes;
    key_ends_itself = cell<K>::ends_itself;
  }
  if (!key_is_bytes || !cell<V>::moves_as_bytes)
    layout.relocate = relocate;
  if (!key_ends_itself || !cell<V>::ends_itself)
    layout.destroy = destroy;
  if constexpr (has_kernels)
    return core(seed, layout, level);
  else
    return core(seed, layout, std::move(hash));
}

template <class K, class V, class Hash>
void hash_table<K, V, Hash>::relocate(std::byte* to, std::byte* from) noexcept {
  if constexpr (has_kernels) {
    std::memcpy(to, from, core::head_size);
  } else {
    std::memcpy(to, from, core::key_offset);
    cell<K>::relocate(to + core::key_offset, from + core::key_offset);
  }
  cell<V>::relocate(to + value_offset, from + value_offset);
}

template <class K, class V, class Hash>
void hash_table<K, V, Hash>::destroy(std::byte* slot) noexcept {
  if constexpr (!has_kernels)
    cell<K>::destroy(slot + core::key_offset);
  cell<V>::destroy(slot + value_offset);
}

template <class K, class V, class Hash>
template <class Key>
auto hash_table<K, V, Hash>::to_core_key(const Key& key) noexcept {
  if constexpr (number_key<K>) {
    static_assert(std::is_convertible_v<Key, K>, "this is no key of the table");
    return static_cast<std::uint64_t>(static_cast<K>(key));
  } else {
    static_assert(std::is_convertible_v<const Key&, std::string_view>,
                  "this is no key of the table");
    std::string_view view = key;
    text_ref result;
    result.data = view.data();
    result.size = view.size();
    return result;
  }
}

template <class K, class V, class Hash>
template <class Key>
std::byte* hash_table<K, V, Hash>::find_slot(const Key& key) const {
  if constexpr (has_kernels)
    return core_.find(to_core_key(key));
  else
    return core_.find(key);
}

template <class K, class V, class Hash>
auto hash_table<K, V, Hash>::key_of(const std::byte* slot) const noexcept -> key_view {
  if constexpr (number_key<K>)
    return static_cast<K>(core_.key_of(slot));
  else
    return core::key_of(slot);
}

template <class K, class V, class Hash>
template <class KeyAt, class OnNew, class OnFound>
void hash_table<K, V, Hash>::upsert_batch(std::size_t from, std::size_t n, KeyAt&& key_at,
                                          OnNew&& on_new, OnFound&& on_found) {
  typename core::probes prepared;
  found_slot slots[probe_batch];
  if constexpr (!has_kernels)
    core_.prepare(
      n, [&](std::size_t i) -> decltype(auto) { return key_at(from + i); }, prepared);
  else
    prepare(from, n, key_at, prepared);
  for (std::size_t done = 0, count = 0; done < n; done += count) {
    if constexpr (!has_kernels)
      count = core_.put([&](std::size_t i) -> decltype(auto) { return key_at(from + i); }, prepared,
                        done, n, slots);
    else
      count = core_.put(prepared, done, n, slots);
    apply(from + done, slots, count, on_new, on_found);
  }
}

template <class K, class V, class Hash>
template <class KeyAt>
void hash_table<K, V, Hash>::prepare(std::size_t from, std::size_t n, KeyAt&& key_at,
                                     typename core::probes& out) const {
  static_assert(!std::is_same_v<decltype(key_at(from)), std::string>,
                "key_at returns a string by value; return a reference or a view");
  if constexpr (std::is_same_v<std::remove_cvref_t<KeyAt>, strided<std::string_view>>) {
    core_.prepare(reinterpret_cast<const text_ref*>(&key_at(from)), key_at.stride, n, out);
  } else {
    typename core::key keys[probe_batch];
    std::size_t i = 0;
    do // `n` is not 0
      keys[i] = to_core_key(key_at(from + i));
    while (++i < n);
    if constexpr (number_key<K>)
      core_.prepare(keys, n, out);
    else
      core_.prepare(keys, sizeof(text_ref), n, out);
  }
}

template <class K, class V, class Hash>
template <class OnNew, class OnFound>
void hash_table<K, V, Hash>::apply(std::size_t from, const found_slot* slots, std::size_t n,
                                   OnNew&& on_new, OnFound&& on_found) {
  std::size_t i = 0;
  try {
    for (; i < n; ++i) {
      if (slots[i] & 1) [[unlikely]] {
        auto* value = reinterpret_cast<std::byte*>(slots[i] - 1) + value_offset;
        cell<V>::construct(value, [&]() -> decltype(auto) { return on_new(from + i); });
      } else {
        on_found(cell<V>::get(reinterpret_cast<std::byte*>(slots[i]) + value_offset), from + i);
      }
    }
  } catch (...) {
    core_.take_back(slots + i, n - i);
    throw;
  }
}

// Erasing closes gaps with later entries. Beginning behind an empty slot, none of them is one that
// was asked about before.
template <class K, class V, class Hash>
template <class Condemned>
std::size_t hash_table<K, V, Hash>::erase_if(Condemned&& condemned) {
  auto& slots = core_.slots();
  auto before = slots.size();
  if (before == 0)
    return 0;
  auto ask = [&](std::size_t number) {
    auto* slot = slots.slot(number);
    while (slots.is_used(slot) && condemned(key_of(slot), cell<V>::get(slot + value_offset)))
      core_.erase(slot);
  };
  std::size_t start = 0;
  while (slots.used(start))
    ++start;
  auto capacity = slots.capacity();
  for (std::size_t i = start + 1; i < capacity; ++i)
    ask(i);
  for (std::size_t i = 0; i < start; ++i)
    ask(i);
  ask(capacity);
  return before - slots.size();
}

} // namespace caf_stream::data
