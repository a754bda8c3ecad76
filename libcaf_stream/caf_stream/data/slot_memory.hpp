#pragma once

#include <cstddef>
#include <utility>

namespace caf_stream::data {

/// Zeroed memory for the slots of a hash table, at a multiple of 64. Large memory comes in huge
/// pages where the system has them and goes back to the system when it is freed.
class slot_memory {
public:
  slot_memory() = default;

  /// Throws std::bad_alloc.
  explicit slot_memory(std::size_t size);

  slot_memory(slot_memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

  slot_memory& operator=(slot_memory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  ~slot_memory();

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace caf_stream::data
