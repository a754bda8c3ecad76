#include "caf_stream/data/page_memory.hpp"

#include <sys/mman.h>

namespace caf_stream::data {

char* map_pages(std::size_t size) {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc{};
  ::madvise(memory, size, MADV_HUGEPAGE); // a wish: its outcome does not matter
  return static_cast<char*>(memory);
}

void unmap_pages(char* memory, std::size_t size) noexcept { ::munmap(memory, size); }

} // namespace caf_stream::data
