#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caf_stream::test {

/// Calls `f` with every beginning of `good` and with every byte of it changed to every other value.
/// `f` gets a copy of exactly that size, so that a sanitizer sees a read past its end.
template <class F>
void for_each_damage(std::string_view good, F f) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string cut{good.substr(0, size)};
    f(std::string_view{cut});
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed{good};
    for (int flip = 1; flip < 256; ++flip) {
      changed[at] = static_cast<char>(good[at] ^ flip);
      f(std::string_view{changed});
    }
  }
}

} // namespace caf_stream::test
