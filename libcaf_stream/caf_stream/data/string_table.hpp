#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "caf_stream/data/slot_table.hpp"

// The part of a hash table of strings that does not know its values: see hash_table.hpp for the
// use.

namespace caf_stream::data {

/// Memory for keys that do not fit a slot. Keys are only ever added; what erased keys leave is won
/// back by copying those that live to a new arena.
class key_arena {
public:
  key_arena() = default;
  key_arena(key_arena&& other) noexcept { *this = std::move(other); }
  key_arena& operator=(key_arena&& other) noexcept;

  /// Throws std::bad_alloc.
  const char* store(std::string_view key);

  /// Notes that a key of this size is gone.
  void release(std::size_t size) noexcept { dead_ += size; }

  std::size_t live_bytes() const noexcept { return stored_ - dead_; }
  std::size_t dead_bytes() const noexcept { return dead_; }
  std::size_t memory_bytes() const noexcept { return memory_; }

private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t used_ = 0; // of the last chunk
  std::size_t size_ = 0; // of the last chunk
  std::size_t stored_ = 0;
  std::size_t dead_ = 0;
  std::size_t memory_ = 0;
};

class string_table {
public:
  using key = text_ref;
  using probes = string_probes;

  /// A slot's bytes before its value.
  static constexpr std::size_t head_size = 24;
  static constexpr auto homes = slot_layout::home::by_tag;

  string_table(table_seed seed, const slot_layout& layout, cpu_level level);
  string_table(string_table&&) noexcept = default;
  string_table& operator=(string_table&&) noexcept = default;

  /// Hashes n <= probe_batch keys, which lie `stride` bytes apart.
  void prepare(const key* keys, std::size_t stride, std::size_t n, probes& out) const {
    kernels_->prepare_strings(slots_.view(), keys, stride, n, out);
  }

  /// Finds or inserts prepared keys, from number `first` to `last`, in order and writes their slots
  /// to `out`, the first one's to out[0], with 1 added where the key is new: then the caller makes
  /// its value, or takes the slot back. Returns how many; at least one, and fewer than last - first
  /// when the table must grow before it goes on: that moves all slots. Throws std::bad_alloc or
  /// std::length_error for the first key only.
  std::size_t put(probes& prepared, std::size_t first, std::size_t last, found_slot* out);

  /// Undoes the new ones of slots that `put` has just written, without ending their values.
  void take_back(const found_slot* slots, std::size_t n) noexcept;

  std::byte* find(key k) const noexcept { return kernels_->find_string(slots_.view(), k); }

  void erase(std::byte* slot) noexcept;
  void clear() noexcept;

  static std::string_view key_of(const std::byte* slot) noexcept;

  slot_table& slots() noexcept { return slots_; }
  const slot_table& slots() const noexcept { return slots_; }
  std::size_t memory_bytes() const noexcept { return slots_.memory_bytes() + keys_.memory_bytes(); }

private:
  std::byte* insert_long(const probes& prepared, std::size_t i);
  void compact_keys();

  slot_table slots_;
  key_arena keys_;
  const hash_kernels* kernels_;
};

} // namespace caf_stream::data
