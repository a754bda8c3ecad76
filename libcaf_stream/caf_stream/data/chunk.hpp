#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

// The records of one virtual call. An operator fills a chunk, hands its span on and uses the same
// memory again for the next one.

namespace caf_stream::data {

/// About how many records an operator hands on at once: enough to make a virtual call cheap, few
/// enough that a chunk stays in the first cache.
inline constexpr std::size_t chunk_size = 1024;

template <class T>
class chunk {
public:
  void clear() noexcept { items_.clear(); }
  std::size_t size() const noexcept { return items_.size(); }
  bool empty() const noexcept { return items_.empty(); }
  void reserve(std::size_t n) { items_.reserve(n); }

  template <class U>
  void push_back(U&& x) {
    items_.emplace_back(std::forward<U>(x));
  }

  std::span<const T> view() const noexcept { return {items_.data(), items_.size()}; }

private:
  std::vector<T> items_;
};

/// std::vector<bool> has no span, so booleans have an array of their own.
template <>
class chunk<bool> {
public:
  void clear() noexcept { size_ = 0; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  void reserve(std::size_t n) {
    if (n <= capacity_)
      return;
    auto larger = std::make_unique<bool[]>(n);
    for (std::size_t i = 0; i < size_; ++i)
      larger[i] = items_[i];
    items_ = std::move(larger);
    capacity_ = n;
  }

  void push_back(bool x) {
    if (size_ == capacity_)
      reserve(capacity_ < 16 ? 16 : 2 * capacity_);
    items_[size_++] = x;
  }

  std::span<const bool> view() const noexcept { return {items_.get(), size_}; }

private:
  std::unique_ptr<bool[]> items_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace caf_stream::data
