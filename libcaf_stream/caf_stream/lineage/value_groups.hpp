#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/base/error.hpp"
#include "caf_stream/data/chunk.hpp"

// The values of records by key, where keys are numbered in the order they come first. They are
// counted, then put in their places in the same order, so each key's lie side by side as they came,
// and no key has memory of its own:
//
//   records   (ann, 5) (bob, 7) (ann, 2) (eve, 1)
//   numbers      0        1        0        2
//   values    5 2 | 7 | 1                           ends  2 3 4

namespace caf_stream::lineage {

/// Small values are copied. Others stay where they are, in lists that outlive this; a key's are
/// copied where there are several, since functions see a span of values.
template <class V>
class value_groups {
public:
  /// For `n` records in all. Throws errc::out_of_memory_budget for more than can be numbered.
  explicit value_groups(std::size_t n) {
    if (n > std::numeric_limits<std::uint32_t>::max())
      throw error{errc::out_of_memory_budget, "a partition has more than 4 billion values to group "
                                              "by key: use more partitions"};
    numbers_.reset(new std::uint32_t[n]);
    items_.reset(new item[n]);
  }

  /// First come the numbers of the records' keys: where those of the next `n` are to be written.
  std::uint32_t* add_numbers(std::size_t n) noexcept {
    return numbers_.get() + std::exchange(records_, records_ + n);
  }

  /// Then this, once, with how many keys there are, and the values in the order of the numbers.
  void end_numbers(std::size_t keys) {
    ends_.assign(keys, 0);
    for (std::size_t i = 0; i < records_; ++i)
      ++ends_[numbers_[i]];
    std::uint32_t begin = 0;
    for (auto& each : ends_)
      begin += std::exchange(each, begin);
  }
  void add_value(const V& value) {
    if (auto later = placed_ + ahead; later < records_)
      __builtin_prefetch(&items_[ends_[numbers_[later]]], 1);
    auto at = ends_[numbers_[placed_++]]++;
    if constexpr (copied)
      items_[at] = value;
    else
      items_[at] = &value;
  }

  /// Good until the next call, or as long as the lists where values stay in them.
  std::span<const V> values(std::uint32_t number) {
    auto* first = &items_[begin_of(number)];
    auto n = ends_[number] - begin_of(number);
    if constexpr (copied) {
      return {first, n};
    } else {
      if (n == 1)
        return {*first, 1};
      several_.clear();
      for (std::size_t i = 0; i < n; ++i)
        several_.push_back(*first[i]);
      return several_.view();
    }
  }

  /// What values() reads, one after the other, to be asked for ahead.
  const void* place_of_range(std::uint32_t number) const noexcept {
    return &ends_[number == 0 ? 0 : number - 1];
  }
  const void* place_of_values(std::uint32_t number) const noexcept {
    return &items_[begin_of(number)];
  }

private:
  static constexpr bool copied = std::is_trivially_copyable_v<V> && std::is_copy_assignable_v<V> &&
                                 std::is_default_constructible_v<V> && sizeof(V) <= 16;
  using item = std::conditional_t<copied, V, const V*>;

  static constexpr std::size_t ahead = 16; // records that are asked for before they are dealt with

  std::uint32_t begin_of(std::uint32_t number) const noexcept {
    return number == 0 ? 0 : ends_[number - 1];
  }

  std::unique_ptr<std::uint32_t[]> numbers_;
  std::size_t records_ = 0;
  std::vector<std::uint32_t> ends_; // of keys: how many, then where the next goes, then the end
  std::unique_ptr<item[]> items_;
  std::size_t placed_ = 0;
  data::chunk<V> several_;
};

} // namespace caf_stream::lineage
