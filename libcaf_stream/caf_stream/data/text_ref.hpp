#pragma once

#include <cstddef>

namespace caf_stream::data {

/// A std::string_view for kernels, which keep away from inline functions of the standard library:
/// laid out the same, so an array of the one can be read and written as the other.
struct text_ref {
#if defined(_LIBCPP_VERSION)
  const char* data;
  std::size_t size;
#else
  std::size_t size;
  const char* data;
#endif
};

} // namespace caf_stream::data
