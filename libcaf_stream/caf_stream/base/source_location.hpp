#pragma once

#include <cstdint>

// std::source_location for compilers that lack it (clang 14). Used as a default argument, it names
// the line of the program that made an operator.

namespace caf_stream {

class source_location {
public:
  static constexpr source_location current(const char* file = __builtin_FILE(),
                                           std::uint32_t line = __builtin_LINE()) noexcept {
    source_location result;
    result.file_ = file;
    result.line_ = line;
    return result;
  }

  constexpr const char* file_name() const noexcept { return file_; }
  constexpr std::uint32_t line() const noexcept { return line_; }

private:
  const char* file_ = "";
  std::uint32_t line_ = 0;
};

} // namespace caf_stream
