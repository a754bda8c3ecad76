#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace caf_stream::test {

/// A page between two that must not be touched: text put at its begin or end shows whoever reads
/// outside.
class memory_edge {
public:
  memory_edge() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    auto* memory = mmap(nullptr, 3 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    begin_ = static_cast<char*>(memory) + page_;
    mprotect(begin_, page_, PROT_READ | PROT_WRITE);
  }

  ~memory_edge() { munmap(begin_ - page_, 3 * page_); }

  memory_edge(const memory_edge&) = delete;
  memory_edge& operator=(const memory_edge&) = delete;

  /// A copy of at most a page of text that ends where the page ends.
  std::string_view at_end(std::string_view text) {
    auto* to = begin_ + page_ - text.size();
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// The same, beginning where the page begins.
  std::string_view at_begin(std::string_view text) {
    std::memcpy(begin_, text.data(), text.size());
    return {begin_, text.size()};
  }

private:
  std::size_t page_;
  char* begin_;
};

} // namespace caf_stream::test
