#pragma once

#include <cstddef>
#include <cstdint>

#include "caf_stream/data/slot_table.hpp"

// The part of a hash table of numbers that does not know its values: see hash_table.hpp for the
// use. Keys are 64 bits.

namespace caf_stream::data {

class number_table {
public:
  using key = std::uint64_t;
  using probes = number_probes;

  /// A slot's bytes before its value.
  static constexpr std::size_t head_size = 8;
  static constexpr auto homes = slot_layout::home::by_word;

  number_table(table_seed seed, const slot_layout& layout, cpu_level level);
  number_table(number_table&&) noexcept = default;
  number_table& operator=(number_table&&) noexcept = default;

  void prepare(const key* keys, std::size_t n, probes& out) const {
    kernels_->prepare_numbers(slots_.view(), keys, n, out);
  }

  /// As string_table's.
  std::size_t put(probes& prepared, std::size_t first, std::size_t last, found_slot* out);
  void take_back(const found_slot* slots, std::size_t n) noexcept { slots_.take_back(slots, n); }

  std::byte* find(key k) const noexcept { return kernels_->find_number(slots_.view(), k); }
  void erase(std::byte* slot) noexcept { slots_.erase(slot); }
  void clear() noexcept { slots_.clear(); }

  key key_of(const std::byte* slot) const noexcept {
    return slot == slots_.view().end ? ~key{0} : slot_table::head(slot) - 1;
  }

  slot_table& slots() noexcept { return slots_; }
  const slot_table& slots() const noexcept { return slots_; }
  std::size_t memory_bytes() const noexcept { return slots_.memory_bytes(); }

private:
  slot_table slots_;
  const hash_kernels* kernels_;
};

} // namespace caf_stream::data
