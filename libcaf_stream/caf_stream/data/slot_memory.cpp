#include "caf_stream/data/slot_memory.hpp"

#include <cstdint>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace caf_stream::data {

namespace {

constexpr std::align_val_t alignment{64};

#if defined(__linux__)

constexpr std::size_t huge_page = std::size_t{2} << 20;

bool is_mapped(std::size_t size) { return size >= huge_page; }

// Mapped with room to spare, which is given back, so that it begins at a huge page.
std::byte* map(std::size_t size) {
  auto whole = size + huge_page;
  void* memory = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc{};
  auto* begin = static_cast<std::byte*>(memory);
  auto head = -reinterpret_cast<std::uintptr_t>(begin) % huge_page;
  auto used = (size + 4095) / 4096 * 4096;
  if (head != 0)
    munmap(begin, head);
  if (auto tail = whole - head - used; tail != 0)
    munmap(begin + head + used, tail);
  madvise(begin + head, used, MADV_HUGEPAGE);
  return begin + head;
}

void unmap(std::byte* data, std::size_t size) { munmap(data, (size + 4095) / 4096 * 4096); }

#else

bool is_mapped(std::size_t) { return false; }
std::byte* map(std::size_t) { return nullptr; }
void unmap(std::byte*, std::size_t) {}

#endif

} // namespace

slot_memory::slot_memory(std::size_t size) : size_(size) {
  if (is_mapped(size)) {
    data_ = map(size);
  } else {
    data_ = static_cast<std::byte*>(::operator new(size, alignment));
    std::memset(data_, 0, size);
  }
}

slot_memory::~slot_memory() {
  if (!data_)
    return;
  if (is_mapped(size_))
    unmap(data_, size_);
  else
    ::operator delete(data_, alignment);
}

} // namespace caf_stream::data
