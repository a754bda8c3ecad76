#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace caf_stream::stateful {

/// The stamps of entries that have a number in their place (see keyed_state.hpp).
class numbered_stamps {
public:
  std::size_t size() const noexcept { return size_; }
  std::size_t memory_bytes() const noexcept { return capacity_ * sizeof(std::uint64_t); }
  const std::uint64_t& operator[](std::uint32_t number) const noexcept { return stamps_[number]; }

  /// For n more.
  void make_room(std::size_t n) {
    if (n <= capacity_ - size_)
      return;
    auto capacity = std::max(size_ + n, 2 * capacity_);
    std::unique_ptr<std::uint64_t[]> larger{new std::uint64_t[capacity]};
    std::copy_n(stamps_.get(), size_, larger.get());
    stamps_ = std::move(larger);
    capacity_ = capacity;
  }

  /// The next number where `wanted`, else `other`: without a branch, since nobody can guess which.
  /// Requires room.
  std::uint32_t add_if(bool wanted, std::uint64_t stamp, std::uint32_t other) noexcept {
    auto number = wanted ? static_cast<std::uint32_t>(size_) : other;
    stamps_[size_] = stamp;
    size_ += wanted ? 1 : 0;
    __builtin_prefetch(stamps_.get() + size_ + 32, 1);
    return number;
  }

  /// What was needed for a much larger batch is not held for ever.
  void forget() noexcept {
    if (capacity_ / 8 > size_) {
      stamps_.reset();
      capacity_ = 0;
    }
    size_ = 0;
  }

private:
  std::unique_ptr<std::uint64_t[]> stamps_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace caf_stream::stateful
